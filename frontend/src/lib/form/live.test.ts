import { expect, it } from 'vitest'
import type { FormDefinition } from '../../api/types'
import type { Tree, TreeNode } from '../expression'
import { type FormLogic, NO_LOGIC } from './level'
import { LiveForm } from './live'

const field = (path: string, t = 'number', row?: string): TreeNode => ({ k: 'field', t, path, ...(row ? { row } : {}) })
const value = (v: unknown, t = 'number'): TreeNode => ({ k: 'value', t, v })
const op = (name: string, t: string, ...args: TreeNode[]): Tree => ({ version: 1, type: t, root: { k: 'op', t, op: name, args } })
const sum = (path: string, row: string): Tree => ({ version: 1, type: 'number', root: { k: 'call', t: 'number', fn: 'SUM', args: [field(path, 'list[number]', row)] } })

const form: FormDefinition = {
  key: 'order',
  name: '订单',
  fields: [
    { key: 'price', type: 'number', label: '单价', max: 100 },
    { key: 'quantity', type: 'number', label: '数量', default: 2 },
    { key: 'amount', type: 'formula', label: '金额', expression: 'price * quantity', decimals: 2 },
    { key: 'double', type: 'formula', label: '两倍', expression: 'amount * 2' },
    { key: 'note', type: 'text', label: '备注' },
    { key: 'total', type: 'formula', label: '合计', expression: 'SUM(lines.cost)' },
    { key: 'lines', type: 'sub_form', label: '明细', fields: [{ key: 'n', type: 'number', label: '件', required: true }, { key: 'cost', type: 'formula', label: '成本', expression: 'n * 3' }] },
  ],
}

const logic: FormLogic = {
  ...NO_LOGIC,
  computed: [
    { key: 'amount', default: false, tree: op('mul', 'number', field('price'), field('quantity')) },
    { key: 'double', default: false, tree: op('mul', 'number', field('amount'), value(2)) },
    { key: 'total', default: false, tree: sum('lines.cost', 'lines') },
  ],
  rules: [{ when: op('gt', 'boolean', field('price'), value(10)), show: ['note'], hide: [], require: ['note'], read_only: [], set: [] }],
  checks: [{ tree: op('lt', 'boolean', field('amount'), value(500)), message: '太多', message_en: 'too much', fields: ['amount'] }],
  sub: { lines: { ...NO_LOGIC, computed: [{ key: 'cost', default: false, tree: op('mul', 'number', field('n'), value(3)) }] } },
}

it('fills in defaults and follows a change through every formula that needs it', () => {
  const live = new LiveForm(form, logic)
  expect(live.values.quantity).toBe(2)
  live.set('price', 1.005)
  expect([live.values.amount, live.values.double]).toEqual([2.01, 4.02])
})

it('shows, hides and requires by the rules', () => {
  const live = new LiveForm(form, logic)
  expect(live.states.hidden.has('note')).toBe(true)
  live.set('price', 11)
  expect(live.states.hidden.has('note')).toBe(false)
  expect(live.problems().map((problem) => [problem.path, problem.message])).toEqual([['$.note', '备注:必填']])
})

it('computes only what a changed cell touches', () => {
  const live = new LiveForm(form, logic)
  live.addRows('lines', Array.from({ length: 50 }, (_, n) => ({ n })))
  expect(live.values.total).toBe((49 * 50 * 3) / 2)
  const before = live.evaluations
  live.setCell('lines', 7, 'n', 100)
  expect(live.values.total).toBe((49 * 50 * 3) / 2 - 21 + 300)
  expect(live.evaluations - before).toBe(2)
})

it('tells problems of values, rows and the whole record, and the last only when the rest is well', () => {
  const live = new LiveForm(form, logic)
  live.set('price', 200)
  live.set('note', 'x')
  live.addRows('lines', [{}])
  expect(live.problems().map((problem) => [problem.path, problem.message])).toEqual([['$.price', '单价:不能大于 100,现为 200'], ['$.lines[0].n', '明细:件:必填']])
  live.set('price', 100)
  live.set('quantity', 50)
  live.setCell('lines', 0, 'n', 1)
  expect(live.problems().map((problem) => [problem.path, problem.message])).toEqual([['$.amount', '太多']])
})

it('sends what changed, and nothing that is computed', () => {
  const live = new LiveForm(form, logic, { existing: { price: 1, quantity: 2, amount: 2, note: null, lines: null } })
  live.set('price', 3)
  expect(live.changes()).toEqual({ price: 3 })
})
