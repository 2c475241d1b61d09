/** Rules as sentences with blanks: a new rule starts from one, and a rule that still has its shape is edited as one. */
import type { Level, RuleDefinition } from '../../../api/types'

export interface Blank {
  value: number
  min?: number
  max?: number
  step?: number
  unit?: string
  unit_en?: string
}

export interface Template {
  id: string
  group: string
  icon: 'low' | 'out' | 'surge' | 'over' | 'promotion' | 'new'
  title: string
  title_en: string
  text: string
  text_en: string
  blanks: Record<string, Blank>
  shape: Pick<RuleDefinition, 'let' | 'levels' | 'during' | 'where'>
}

const AVAILABLE = 'on_hand + in_transit - reserved'
const DAYS: Blank = { value: 7, min: 1, max: 365, unit: '天', unit_en: 'days' }
const one = (level: string, when: string): Level[] => [{ level, when }]

export const TEMPLATES: Template[] = [
  {
    id: 'factor', group: '快断货', icon: 'low', title: '低于动态安全线', title_en: 'Below the moving safety line',
    text: '可用库存低于「最近 {window} 日均销量 × 提前期 × {factor}」', text_en: 'Available stock is below “average daily sales of the last {window} × lead time × {factor}”',
    blanks: { window: DAYS, factor: { value: 1.2, min: 0.1, max: 20, step: 0.1, unit: '倍', unit_en: 'times' } },
    shape: { let: { 日均销量: 'avg_daily(sales.quantity, {window})', 可用库存: AVAILABLE }, levels: one('critical', '可用库存 < 日均销量 * sku.lead_time_days * {factor}') },
  },
  {
    id: 'cover', group: '快断货', icon: 'low', title: '撑不到下一批货', title_en: 'Will not last until the next delivery',
    text: '库存撑不到「提前期 + {days}」（按最近 {window} 的日均销量算）', text_en: 'Stock will not last for “lead time + {days}” (at the average daily sales of the last {window})',
    blanks: { days: { value: 3, min: 0, max: 180, unit: '天', unit_en: 'days' }, window: { ...DAYS, value: 14 } },
    shape: { let: { 日均销量: 'avg_daily(sales.quantity, {window})', 可用库存: AVAILABLE }, levels: one('critical', '可用库存 < 日均销量 * (sku.lead_time_days + {days})') },
  },
  {
    id: 'static', group: '快断货', icon: 'low', title: '低于固定数量', title_en: 'Below a fixed number',
    text: '可用库存低于 {pieces}', text_en: 'Available stock is below {pieces}',
    blanks: { pieces: { value: 20, min: 0, unit: '件', unit_en: 'pieces' } },
    shape: { let: { 可用库存: AVAILABLE }, levels: one('warning', '可用库存 < {pieces}') },
  },
  {
    id: 'safety', group: '快断货', icon: 'low', title: '低于商品的安全库存', title_en: 'Below the SKU’s safety stock',
    text: '可用库存低于商品自己的安全库存 × {factor}', text_en: 'Available stock is below the SKU’s own safety stock × {factor}',
    blanks: { factor: { value: 1, min: 0.1, max: 20, step: 0.1, unit: '倍', unit_en: 'times' } },
    shape: { let: { 可用库存: AVAILABLE }, levels: one('warning', '可用库存 < sku.safety_stock * {factor}') },
  },
  {
    id: 'promotion', group: '大促', icon: 'promotion', title: '大促另用一条线', title_en: 'Another line during promotions',
    text: '平时可用库存低于 {usual}，大促期间低于 {event}', text_en: 'Available stock is below {usual} on ordinary days, below {event} during promotions',
    blanks: { usual: { value: 20, min: 0, unit: '件', unit_en: 'pieces' }, event: { value: 50, min: 0, unit: '件', unit_en: 'pieces' } },
    shape: {
      let: { 可用库存: AVAILABLE },
      levels: one('warning', '可用库存 < {usual}'),
      during: [{ calendar: 'promotion', levels: one('critical', '可用库存 < {event}') }],
    },
  },
  {
    id: 'out', group: '快断货', icon: 'out', title: '断货还在卖', title_en: 'Out of stock and still wanted',
    text: '可用库存为 0，而最近 {window} 还卖出过 {pieces} 以上', text_en: 'No stock is available, yet more than {pieces} were sold in the last {window}',
    blanks: { window: { ...DAYS, value: 30 }, pieces: { value: 5, min: 0, unit: '件', unit_en: 'pieces' } },
    shape: { let: { 可用库存: AVAILABLE, 近期销量: 'sum_over(sales.quantity, {window})' }, levels: one('critical', '可用库存 <= 0 and 近期销量 > {pieces}') },
  },
  {
    id: 'no_transit', group: '快断货', icon: 'out', title: '没有货在路上', title_en: 'Nothing is on its way',
    text: '没有在途，而现有库存只够卖 {days}（按最近 {window} 的日均销量算）', text_en: 'Nothing is in transit and the stock on hand covers less than {days} (at the average daily sales of the last {window})',
    blanks: { days: { ...DAYS, value: 14 }, window: { ...DAYS, value: 14 } },
    shape: { let: { 日均销量: 'avg_daily(sales.quantity, {window})' }, levels: one('warning', 'in_transit + on_order <= 0 and on_hand < 日均销量 * {days}') },
  },
  {
    id: 'surge', group: '销量变化', icon: 'surge', title: '突然卖爆', title_en: 'Sales surge',
    text: '最近 {window} 的日均销量超过之前 {before} 日均的 {factor}，而且日均超过 {pieces}', text_en: 'Average daily sales of the last {window} exceed {factor} those of the {before} before, and exceed {pieces} a day',
    blanks: { window: { ...DAYS, value: 3 }, before: { ...DAYS, value: 28 }, factor: { value: 3, min: 1, max: 50, step: 0.5, unit: '倍', unit_en: 'times' }, pieces: { value: 5, min: 0, unit: '件', unit_en: 'pieces' } },
    shape: { let: { 近期日均: 'avg_daily(sales.quantity, {window})', 平时日均: 'avg_daily(sales.quantity, {before}, offset={window})' }, levels: one('warning', '近期日均 > 平时日均 * {factor} and 近期日均 > {pieces}') },
  },
  {
    id: 'drop', group: '销量变化', icon: 'surge', title: '销量掉下来', title_en: 'Sales drop',
    text: '最近 {window} 的日均销量不到之前 {before} 日均的 {share}，而之前日均超过 {pieces}', text_en: 'Average daily sales of the last {window} are under {share} those of the {before} before, which exceeded {pieces} a day',
    blanks: { window: DAYS, before: { ...DAYS, value: 28 }, share: { value: 0.4, min: 0.05, max: 1, step: 0.05, unit: '倍', unit_en: 'times' }, pieces: { value: 3, min: 0, unit: '件', unit_en: 'pieces' } },
    shape: { let: { 近期日均: 'avg_daily(sales.quantity, {window})', 平时日均: 'avg_daily(sales.quantity, {before}, offset={window})' }, levels: one('warning', '近期日均 < 平时日均 * {share} and 平时日均 > {pieces}') },
  },
  {
    id: 'overstock', group: '积压', icon: 'over', title: '积压太多', title_en: 'Too much stock',
    text: '现有库存够卖 {days} 以上，而且货值超过 {money}', text_en: 'Stock on hand lasts for more than {days}, and is worth more than {money}',
    blanks: { days: { value: 90, min: 7, max: 2000, unit: '天', unit_en: 'days' }, money: { value: 2000, min: 0, step: 100, unit: '元', unit_en: 'yuan' } },
    shape: { let: { 日均销量: 'avg_daily(sales.quantity, 30)', 库存货值: 'on_hand * sku.unit_cost' }, levels: one('warning', 'on_hand > 日均销量 * {days} and 库存货值 > {money}') },
  },
  {
    id: 'dead', group: '积压', icon: 'over', title: '卖不动了', title_en: 'No longer sells',
    text: '最近 {window} 一件没卖，还压着 {pieces} 以上', text_en: 'Nothing was sold in the last {window}, and more than {pieces} are in stock',
    blanks: { window: { ...DAYS, value: 30 }, pieces: { value: 30, min: 0, unit: '件', unit_en: 'pieces' } },
    shape: { let: { 近期销量: 'sum_over(sales.quantity, {window})' }, levels: one('warning', '近期销量 <= 0 and on_hand > {pieces}') },
  },
  {
    id: 'new', group: '新品', icon: 'new', title: '新品备货不足', title_en: 'A launch runs short',
    text: '上架不到 {age} 的新品，库存只够卖 {days}', text_en: 'An SKU launched less than {age} ago has stock for less than {days}',
    blanks: { age: { ...DAYS, value: 30 }, days: { ...DAYS, value: 10 } },
    shape: { let: { 日均销量: 'avg_daily(sales.quantity, 7)', 可用库存: AVAILABLE }, levels: one('warning', 'days_since_launch() < {age} and 可用库存 < 日均销量 * {days}') },
  },
]

export type BlankValues = Record<string, number>

export const defaults = (template: Template): BlankValues => Object.fromEntries(Object.entries(template.blanks).map(([name, blank]) => [name, blank.value]))

const put = (text: string, values: BlankValues): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))

const mapTexts = <T>(value: T, change: (text: string) => string): T => {
  if (typeof value === 'string') return change(value) as T
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)])) as T
  return value
}

/** The parts of a definition that a template with these numbers makes. */
export const fill = (template: Template, values: BlankValues): Template['shape'] => mapTexts(template.shape, (text) => put(text, values))

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Read the numbers back out of one text, or null where it has another shape. */
const readText = (pattern: string, text: string): BlankValues | null => {
  const names: string[] = []
  const source = plain(pattern).split(/(\{\w+\})/).map((part) => {
    if (!/^\{\w+\}$/.test(part)) return escaped(part)
    names.push(part.slice(1, -1))
    return '(\\d+(?:\\.\\d+)?)'
  }).join('')
  const match = new RegExp(`^${source}$`).exec(plain(text))
  return match ? Object.fromEntries(names.map((name, index) => [name, Number(match[index + 1])])) : null
}

const pairs = (pattern: unknown, value: unknown): [string, string][] | null => {
  if (typeof pattern === 'string') return typeof value === 'string' ? [[pattern, value]] : null
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length) return null
    const parts = pattern.map((item, index) => pairs(item, value[index]))
    return parts.includes(null) ? null : (parts.flat() as [string, string][])
  }
  if (pattern && typeof pattern === 'object') {
    if (!value || typeof value !== 'object') return null
    const [want, have] = [pattern as Record<string, unknown>, value as Record<string, unknown>]
    if (Object.keys(want).length !== Object.keys(have).length) return null
    const parts = Object.keys(want).map((key) => (key in have ? pairs(want[key], have[key]) : null))
    return parts.includes(null) ? null : (parts.flat() as [string, string][])
  }
  return pattern === value ? [] : null
}

/** The blanks' numbers when a definition still has a template's shape (its level may differ), else null. */
export const read = (template: Template, definition: RuleDefinition): BlankValues | null => {
  const { shape } = template
  const levels = shape.levels.map((level, index) => ({ ...level, level: definition.levels[index]?.level ?? '' }))
  const texts = pairs({ let: shape.let ?? {}, levels, during: shape.during ?? [] }, { let: definition.let ?? {}, levels: definition.levels, during: definition.during ?? [] })
  if (!texts) return null
  const values: BlankValues = {}
  for (const [pattern, text] of texts) {
    const found = readText(pattern, text)
    if (!found) return null
    for (const [name, value] of Object.entries(found)) {
      if (name in values && values[name] !== value) return null
      values[name] = value
    }
  }
  return values
}

export const recognise = (definition: RuleDefinition): { template: Template; values: BlankValues } | null => {
  for (const template of TEMPLATES) {
    const values = read(template, definition)
    if (values) return { template, values }
  }
  return null
}

/** A new definition from a template: runs in the morning, at noon and in the evening, tells the people of the route, asks for replenishment. */
export const start = (template: Template, key: string, name: string): RuleDefinition => ({
  kind: 'rule',
  schema_version: 1,
  key,
  name,
  over: 'stock',
  ...fill(template, defaults(template)),
  for: 1,
  no_data: 'keep',
  on_unknown: 'warn',
  schedule: { cron: '0 8,14,20 * * *' },
  actions: [{ type: 'notify' }],
})

/** Sentence pieces: text and the names of blanks, in turn. */
export const pieces = (text: string): { blank: boolean; text: string }[] =>
  text.split(/(\{\w+\})/).filter(Boolean).map((part) => (/^\{\w+\}$/.test(part) ? { blank: true, text: part.slice(1, -1) } : { blank: false, text: part }))
