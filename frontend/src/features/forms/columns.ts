/** Fields guessed from the columns of a file: type by content, key by name, options where few words repeat. */
import type { FormField, ImportAnalysis } from '../../api/types'
import { freeKey } from '../../lib/form/editing'
import { keyFrom } from '../../lib/form/pinyin'

export interface Guess {
  column: string
  label: string
  type: string
  samples: string[]
  use: boolean
}

const BY_TYPE: Record<string, string> = { number: 'number', integer: 'number', float: 'number', date: 'date', datetime: 'datetime', boolean: 'boolean', text: 'text' }

const BY_NAME: [RegExp, string, RegExp][] = [
  [/条码|barcode|ean|upc/i, 'barcode', /^[\x21-\x7e]+$/],
  [/单价|价格|金额|成本|售价|price|cost|amount/i, 'money', /^[-¥$\d.,()\s元]+$/],
  [/数量|库存|件数|qty|quantity|stock/i, 'quantity', /^-?[\d,]+$/],
  [/电话|手机|phone|mobile/i, 'phone', /^[-+\d\s()]+$/],
  [/邮箱|邮件|e-?mail/i, 'email', /@/],
  [/率|占比|percent/i, 'percent', /^-?[\d.]+%$/],
]

const CODE = /^(商品|货品|sku|产品|物料)?(编码|编号|货号|代码|code|id)$/i

const typeOf = ({ name, samples, type_guess }: ImportAnalysis['columns'][number]): string => {
  const filled = samples.filter((sample) => sample.trim() !== '')
  if (CODE.test(name.trim())) return 'text'
  const named = BY_NAME.find(([word, , content]) => word.test(name) && filled.length > 0 && filled.every((sample) => content.test(sample)))
  if (named) return named[1]
  if (filled.length > 0 && filled.every((sample) => /^https?:\/\//.test(sample))) return 'url'
  if (filled.some((sample) => sample.length > 60 || sample.includes('\n'))) return 'long_text'
  return BY_TYPE[type_guess] ?? 'text'
}

export const guessesOf = (columns: ImportAnalysis['columns']): Guess[] =>
  columns.filter((column) => column.name.trim() !== '').map((column) => ({ column: column.name, label: column.name.trim(), type: typeOf(column), samples: column.samples, use: true }))

/** The first column that looks like a code becomes the unique `code` that other forms can link to. */
export const fieldsFromColumns = (guesses: readonly Guess[]): FormField[] => {
  const taken: string[] = []
  const used = guesses.filter((guess) => guess.use)
  const code = used.find((guess) => guess.type === 'text' && CODE.test(guess.label))
  const named = used.find((guess) => /名称|品名|name/i.test(guess.label) && guess !== code)
  return used.map((guess) => {
    const wanted = guess === code ? 'code' : guess === named && !taken.includes('name') ? 'name' : keyFrom(guess.label) || 'field'
    const key = freeKey(wanted, taken)
    taken.push(key)
    const field: FormField = { key, type: guess.type, label: guess.label }
    if (guess === code) Object.assign(field, { required: true, unique: true })
    if (guess.type === 'choice') field.options = [...new Set(guess.samples.filter(Boolean))].slice(0, 50)
    return field
  })
}
