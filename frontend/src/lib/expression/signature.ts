/** Which call the cursor stands in, and what that call expects: for the hint above the formula while typing. */
import type { FunctionDoc } from '../../api/types'
import { tokenise } from '../tokens'

export interface OpenCall {
  name: string
  /** Place of the function's name, and of the argument among the arguments, from 0. */
  start: number
  index: number
  /** The option that is being given (`exclude` in `exclude='spikes'`), if any. */
  option: string | null
}

const OPEN = new Set(['(', '（'])
const CLOSE = new Set([')', '）'])
const COMMA = new Set([',', '，', '、', ';', '；'])

/** Return the innermost call whose brackets hold *position*; brackets without a function in front do not count. */
export const callAt = (source: string, position: number): OpenCall | null => {
  const open: (OpenCall | null)[] = []
  let before = { kind: '', text: '', start: 0 }
  for (const token of tokenise(source)) {
    if (token.start >= position) break
    if (token.kind === 'space') continue
    const top = open.at(-1)
    // Before a full-width bracket the tokeniser sees a name.
    if (OPEN.has(token.text)) open.push(before.kind === 'function' || before.kind === 'name' ? { name: before.text, start: before.start, index: 0, option: null } : null)
    else if (CLOSE.has(token.text)) open.pop()
    else if (COMMA.has(token.text) && top) open[open.length - 1] = { ...top, index: top.index + 1, option: null }
    else if ((token.text === '=' || token.text === '＝') && top && before.kind === 'name') open[open.length - 1] = { ...top, option: before.text }
    before = token
  }
  return open.findLast((call) => call !== null) ?? null
}

export interface Parameter {
  name: string
  required: boolean
  repeats: boolean
  option: boolean
  /** What may be chosen, where the signature lists it. */
  choices: string[]
}

const split = (text: string): string[] => {
  const parts: string[] = []
  let [part, quoted] = ['', false]
  for (const sign of text) {
    if (sign === "'") quoted = !quoted
    if (sign === ',' && !quoted) {
      parts.push(part.trim())
      part = ''
    } else part += sign
  }
  return [...parts, part.trim()].filter(Boolean)
}

/** Read `avg_daily(x: facts, n: whole, *, offset: whole = 0) -> number` into its parameters. */
export const parameters = (signature: string): Parameter[] => {
  const inner = signature.slice(signature.indexOf('(') + 1, signature.lastIndexOf(')'))
  const found: Parameter[] = []
  let option = false
  for (const text of split(inner)) {
    if (text === '*') {
      option = true
      continue
    }
    const [head = '', ...rest] = text.split(':')
    const [type = '', ...fallback] = rest.join(':').split('=')
    found.push({ name: head.replace('*', '').trim(), repeats: head.startsWith('*'), required: fallback.length === 0, option, choices: [...type.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '') })
  }
  return found
}

/** Place of the parameter that the cursor's argument belongs to; the last repeating one takes all that follow. */
export const current = (list: readonly Parameter[], call: OpenCall): number => {
  if (call.option) return list.findIndex((parameter) => parameter.option && parameter.name === call.option)
  const positional = list.filter((parameter) => !parameter.option)
  if (call.index < positional.length) return list.indexOf(positional[call.index] as Parameter)
  return list.findLastIndex((parameter) => parameter.repeats)
}

/** What people call the parameters. */
const NAMES = new Map(
  'x 数值, n 天数, value 值, values 列, text 文本, texts 文本, condition 条件, conditions 条件, then 成立时, otherwise 否则, others 其次, case 选项, result 结果, digits 小数位, step 倍数, least 最小, most 最大, y 除数, separator 分隔符, part 片段, pattern 模式, old 原文, new 新文, start 开始, end 结束, format 格式, amount 金额, year 年, month 月, day 日期, moment 日期, unit 单位, calendar 日历, form 表, key 字段, field 取哪个字段, h 天数, quantile 分位, level 服务水平, p 分位, half_life 半衰期, exclude 不计, by 按, offset 往前推, min_days 至少天数'
    .split(', ').map((pair) => pair.split(' ') as [string, string]),
)

/** Series read a column of a table, not a number. */
const sayName = (parameter: Parameter, doc: FunctionDoc, spoken: 'zh' | 'en'): string => {
  if (spoken === 'en') return parameter.name
  if (doc.category === 'series' && parameter.name === 'x') return '哪一列'
  return NAMES.get(parameter.name) ?? parameter.name
}

export interface Hint {
  name: string
  parameters: { text: string; current: boolean }[]
  doc: string
}

/** Return what to show for *call*, or null for a function that nobody knows. */
export const hintOf = (call: OpenCall, functions: readonly FunctionDoc[], spoken: 'zh' | 'en'): Hint | null => {
  const lower = call.name.toLowerCase()
  const doc = functions.find((one) => one.name.toLowerCase() === lower || one.alias === call.name)
  if (!doc) return null
  const list = parameters(doc.signature)
  const at = current(list, call)
  const shown = list.map((parameter, index) => {
    const name = sayName(parameter, doc, spoken)
    const choices = parameter.option && parameter.choices.length > 0 ? `${parameter.name}='${parameter.choices.join("'|'")}'` : `${parameter.name}=`
    const text = parameter.option ? (spoken === 'zh' ? `${name} ${choices}` : choices) : `${name}${parameter.repeats ? '…' : ''}`
    return { text: parameter.required || parameter.repeats ? text : `[${text}]`, current: index === at }
  })
  return { name: spoken === 'en' || !doc.alias ? doc.name.toLowerCase() : doc.alias, parameters: shown, doc: spoken === 'en' ? doc.doc_en || doc.doc : doc.doc }
}
