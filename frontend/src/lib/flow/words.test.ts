import type { TFunction } from 'i18next'
import { expect, it } from 'vitest'
import { isUnset, needsCondition, readDuration, sayBranch, sayDuration, sayNode, saySource, writeDuration } from './words'

const t = ((text: string, values: Record<string, unknown> = {}) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))) as unknown as TFunction
const NAMES = { user: (key: string) => `@${key}`, role: (key: string) => (key === 'buyer' ? '采购' : key), form: () => '采购单', field: (key: string) => key, workflow: (key: string) => key, say: (source: string) => source }

it('says where people come from', () => {
  const said = ['user:lin', 'lin', 'role:buyer', 'superior', 'superior:2', 'chain:3', 'dept_head:1', 'field:owner', '$owner', 'initiator'].map((source) => saySource(source, t, NAMES))
  expect(said).toEqual(['@lin', '@lin', '采购', '直接上级', '第 2 级上级', '逐级上级，到第 3 级', '部门负责人', '表单里的“owner”', '表单里的“owner”', '发起人自己'])
})

it('reads durations and writes them back', () => {
  for (const text of ['PT4H', 'P1D', 'PT30M']) expect(writeDuration(readDuration(text) ?? { amount: 0, unit: 'M' })).toBe(text)
  expect([sayDuration('PT4H', t), sayDuration('P2D', t), sayDuration(3600, t), sayDuration('PT90M', t), sayDuration('P1DT2H', t)]).toEqual(['4 小时', '2 天', '1 小时', '90 分钟', '26 小时'])
  expect(readDuration('四小时')).toBeNull()
})

it('says in one line what a step does, and knows when that is still open', () => {
  const approval = { type: 'approval', approvers: ['role:buyer'], mode: 'any' }
  expect(sayNode(approval, t, NAMES)).toBe('采购 · 任一人同意')
  expect(isUnset({ type: 'approval', approvers: [] }, sayNode({ type: 'approval', approvers: [] }, t, NAMES))).toBe(true)
  expect(isUnset(approval, '采购')).toBe(false)
})

it('says when a branch is taken', () => {
  const host = { type: 'exclusive', boundary: [{ id: 'late', after: 'PT4H' }] }
  const edge = { id: 'e', from: 'x', to: 'y' }
  expect([sayBranch(edge, host, t, NAMES), sayBranch({ ...edge, default: true }, host, t, NAMES), sayBranch({ ...edge, condition: 'a > 1' }, host, t, NAMES), sayBranch({ ...edge, from: 'x#late' }, host, t, NAMES)]).toEqual(['请设置条件', '以上都不成立时', 'a > 1', '超过 4 小时 还没办完'])
  expect([needsCondition(edge, host), needsCondition({ ...edge, default: true }, host)]).toEqual([true, false])
})
