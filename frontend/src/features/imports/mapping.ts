/** Which column goes into which field: guesses, what is missing, and the document that is sent. */
import type { FormDefinition, FormField, ImportAnalysis, Json } from '../../api/types'

export type Columns = Record<string, string>

export type Guess = ImportAnalysis['guesses'][number]

export type Preset = Record<string, Json> & { columns?: Columns; synonyms?: Record<string, string[]> }

export const guessKey = (guess: Guess): string => guess.mapping ?? guess.key ?? ''

/** A guess under this is a coincidence of one or two column names. */
const LIKELY = 0.4

const plain = (text: string): string => text.toLowerCase().replace(/[\s_\-()（）:：/]/g, '')

/** Column names that people give to the base forms' fields. */
const COMMON: Record<string, string[]> = {
  sku: ['商品编码', '商家编码', '货号', '编码', 'sku编码', 'sku', '外部系统编号', 'sellersku', 'itemcode'],
  code: ['商品编码', '商家编码', '货号', '编码', 'sku'],
  name: ['商品名称', '名称', '宝贝标题', 'title'],
  date: ['日期', '付款时间', '订单付款时间', '支付时间', '下单时间', 'ds', 'day'],
  quantity: ['数量', '销量', '购买数量', '件数', 'qty', 'units'],
  on_hand: ['数量', '库存', '库存数量', '可用库存', '现有库存', '在库', 'qty', 'stock'],
  warehouse: ['仓库', '仓库名称', '仓', 'location'],
  revenue: ['实付金额', '买家实付金额', '金额', '销售额', 'amount'],
  channel: ['渠道', '平台', '店铺'],
  price: ['单价', '价格', '售价'],
}

const matches = (column: string, names: readonly string[]): boolean => names.some((name) => name !== '' && plain(name) === plain(column))

/** Match columns to fields by key, label, English label or common name, each field once. */
export const guessColumns = (columns: readonly string[], fields: readonly FormField[]): Columns => {
  const found: Columns = {}
  const taken = new Set<string>()
  const tries = [(field: FormField) => [field.key, field.label, field.label_en ?? ''], (field: FormField) => COMMON[field.key] ?? []]
  for (const namesOf of tries) {
    for (const column of columns) {
      if (column in found) continue
      const field = fields.find((item) => !taken.has(item.key) && matches(column, namesOf(item)))
      if (field) {
        found[column] = field.key
        taken.add(field.key)
      }
    }
  }
  return found
}

/** The columns of a preset that this file has, by its own names first, then by its synonyms. */
export const presetColumns = (preset: Preset, columns: readonly string[]): Columns => {
  const found: Columns = {}
  const taken = new Set<string>()
  const put = (column: string, field: string): void => {
    if (column in found || taken.has(field)) return
    found[column] = field
    taken.add(field)
  }
  for (const [name, field] of Object.entries(preset.columns ?? {})) {
    const column = columns.find((item) => plain(item) === plain(name))
    if (column) put(column, field)
  }
  for (const [field, names] of Object.entries(preset.synonyms ?? {})) {
    const column = columns.find((item) => matches(item, names))
    if (column) put(column, field)
  }
  return found
}

const MEASURES = new Set(['quantity', 'on_hand', 'date'])

/** How many of the fields that matter a preset fills: a preset without the quantity is no good, whatever its score. */
const coverage = (guess: Guess): number => Object.values(guess.columns ?? {}).filter((field) => MEASURES.has(field)).length

export const bestGuess = (analysis: ImportAnalysis, into: string): Guess | null =>
  [...analysis.guesses].filter((guess) => guess.into === into && guess.score >= LIKELY).sort((one, other) => coverage(other) - coverage(one) || other.score - one.score)[0] ?? null

/** The form a file most likely belongs to: that of a good guess; a date and a number look like sales. */
export const likelyForm = (analysis: ImportAnalysis): string => {
  const best = [...analysis.guesses].sort((one, other) => other.score - one.score)[0]
  if (best?.into && best.score >= LIKELY) return best.into
  const has = (type: string): boolean => analysis.columns.some((column) => column.type_guess.startsWith(type))
  return has('date') && has('number') ? 'sales' : (analysis.into_guess ?? 'sales')
}

/** Fields that a row cannot do without and that no column fills. */
export const missing = (form: FormDefinition, columns: Columns, constants: Record<string, Json> = {}): FormField[] => {
  const filled = new Set([...Object.values(columns), ...Object.keys(constants)])
  const needed = new Set([...(form.natural_keys ?? []), ...form.fields.filter((field) => field.required && field.default === undefined && field.type !== 'auto_number').map((field) => field.key)])
  if (form.key === 'sales') {
    needed.clear()
    for (const key of ['sku', 'date', 'quantity']) needed.add(key)
  }
  if (form.key === 'stock') needed.delete('warehouse')
  return form.fields.filter((field) => needed.has(field.key) && !filled.has(field.key))
}

export interface Chosen {
  analysis: ImportAnalysis
  into: string
  columns: Columns
  presetKey: string
  preset: Preset | null
  edited: boolean
  constants?: Record<string, Json>
}

/** The body of POST /imports: the preset's key when nothing was changed, else the mapping itself. */
export const importBody = ({ analysis, into, columns, presetKey, preset, edited, constants }: Chosen, dryRun: boolean): Record<string, unknown> => {
  const options = { ...(dryRun ? { dry_run: true } : {}), ...(analysis.sheet ? { sheet: analysis.sheet } : {}) }
  if (presetKey && !edited) return { file: analysis.file, into, mapping_key: presetKey, options }
  const { synonyms: _synonyms, ...rest } = preset ?? {}
  return { file: analysis.file, into, mapping: { ...rest, kind: 'mapping', key: 'inline', name: analysis.name.slice(0, 100) || 'inline', into, columns, ...(constants && Object.keys(constants).length > 0 ? { constants } : {}) }, options }
}
