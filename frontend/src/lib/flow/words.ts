/** A workflow in the words of the people who use it: who, how they decide, how long, in which order. */
import type { TFunction } from 'i18next'
import { boundaryOf, type FlowEdge, type FlowNode } from './model'

export interface Names {
  user: (key: string) => string
  role: (key: string) => string
  form: (key: string) => string
  field: (key: string) => string
  workflow: (key: string) => string
  say: (source: string) => string
}

const LEVEL = /^(\w+):(\d+)$/

/** Say where people come from: 采购, 直接上级, 第 2 级上级, 表单里的“负责人”. */
export const saySource = (source: string, t: TFunction, names: Names): string => {
  if (source.startsWith('user:')) return names.user(source.slice(5))
  if (source.startsWith('role:')) return names.role(source.slice(5))
  if (source.startsWith('field:')) return t('表单里的“{{field}}”', { field: names.field(source.slice(6)) })
  if (source.startsWith('$')) return t('表单里的“{{field}}”', { field: names.field(source.slice(1)) })
  if (source === 'superior') return t('直接上级')
  if (source === 'initiator') return t('发起人自己')
  if (source === 'previous') return t('上一步的人来选')
  const level = LEVEL.exec(source)
  if (level?.[1] === 'superior') return t('第 {{n}} 级上级', { n: level[2] })
  if (level?.[1] === 'chain') return t('逐级上级，到第 {{n}} 级', { n: level[2] })
  if (level?.[1] === 'dept_head') return level[2] === '1' ? t('部门负责人') : t('上 {{n}} 级部门负责人', { n: Number(level[2]) - 1 })
  return names.user(source)
}

export const saySources = (sources: unknown, t: TFunction, names: Names): string => (Array.isArray(sources) ? sources.map((source) => saySource(String(source), t, names)).join('、') : '')

const PART = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

export interface Length {
  amount: number
  unit: 'D' | 'H' | 'M'
}

/** Read PT4H, P1D, PT90M or a number of seconds as an amount and a unit. */
export const readDuration = (value: unknown): Length | null => {
  if (typeof value === 'number') return value % 86_400 === 0 ? { amount: value / 86_400, unit: 'D' } : value % 3600 === 0 ? { amount: value / 3600, unit: 'H' } : { amount: Math.round(value / 60), unit: 'M' }
  const found = typeof value === 'string' ? PART.exec(value) : null
  if (!found || value === 'P' || value === 'PT') return null
  const [days, hours, minutes] = [Number(found[1] ?? 0), Number(found[2] ?? 0), Number(found[3] ?? 0)]
  if (minutes > 0) return { amount: days * 1440 + hours * 60 + minutes, unit: 'M' }
  return hours > 0 ? { amount: days * 24 + hours, unit: 'H' } : { amount: days, unit: 'D' }
}

export const writeDuration = ({ amount, unit }: Length): string => (unit === 'D' ? `P${amount}D` : `PT${amount}${unit}`)

export const sayDuration = (value: unknown, t: TFunction): string => {
  const length = readDuration(value)
  if (!length) return value === undefined || value === null ? '' : String(value)
  return length.unit === 'D' ? t('{{n}} 天', { n: length.amount }) : length.unit === 'H' ? t('{{n}} 小时', { n: length.amount }) : t('{{n}} 分钟', { n: length.amount })
}

const MODES: Record<string, string> = { any: '任一人同意', all: '都要同意', ratio: '按比例', count: '按人数', sequential: '依次同意', random: '抽一人' }

/** The second line of a step's card: what matters most of its settings; empty when that is still to be set. */
export const sayNode = (node: FlowNode, t: TFunction, names: Names): string => {
  switch (node.type) {
    case 'approval': {
      const people = saySources(node.approvers, t, names)
      return people ? t('{{people}} · {{mode}}', { people, mode: t(MODES[String(node.mode ?? 'all')] ?? String(node.mode)) }) : ''
    }
    case 'task':
      return saySources(node.approvers, t, names) || t('谁都可以办')
    case 'cc':
      return saySources(node.to, t, names)
    case 'notify':
      return [saySources(node.to, t, names), node.text ?? node.title].filter(Boolean).join('：')
    case 'create_record':
    case 'update_record':
    case 'delete_record':
    case 'query_records':
      return node.form ? names.form(String(node.form)) : ''
    case 'timer':
      return node.after ? t('等 {{span}}', { span: sayDuration(node.after, t) }) : node.from ? names.say(String(node.from)) : ''
    case 'signal':
      return node.signal ? t('等“{{signal}}”', { signal: node.signal }) : ''
    case 'call':
      return node.workflow ? names.workflow(String(node.workflow)) : ''
    case 'each':
      return node.each ? names.say(String(node.each)) : ''
    case 'set':
      return Object.keys((node.set as Record<string, unknown> | undefined) ?? {}).map(names.field).join('、')
    case 'webhook':
      return String(node.url ?? '')
    case 'replenish':
      return node.policy === undefined || node.policy === 'default' ? t('默认补货策略') : String(node.policy)
    default:
      return ''
  }
}

const NEEDS = new Set(['approval', 'cc', 'notify', 'create_record', 'update_record', 'delete_record', 'query_records', 'timer', 'signal', 'call', 'each', 'set', 'webhook'])

export const isUnset = (node: FlowNode, said: string): boolean => NEEDS.has(node.type) && said === ''

/** What a branch's card says: when it is taken. */
export const sayBranch = (edge: FlowEdge, host: FlowNode | undefined, t: TFunction, names: Names): string => {
  const late = boundaryOf(edge.from)
  if (late !== null) {
    const event = host?.boundary?.find((each) => each.id === late)
    return t('超过 {{span}} 还没办完', { span: sayDuration(event?.after, t) })
  }
  if (edge.default) return t('以上都不成立时')
  if (edge.condition) return names.say(edge.condition)
  if (host?.type === 'parallel') return t('同时进行')
  if (host?.type === 'event') return t('先发生就走这边')
  return host?.type === 'exclusive' || host?.type === 'inclusive' ? t('请设置条件') : t('总是')
}

export const needsCondition = (edge: FlowEdge, host: FlowNode | undefined): boolean => (host?.type === 'exclusive' || host?.type === 'inclusive') && !edge.default && !edge.condition && boundaryOf(edge.from) === null
