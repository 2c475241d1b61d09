/** An expression in words: labels for names, aliases for functions, words for signs and options. */
import type { ExpressionField, FunctionDoc } from '../api/types'
import { sayName } from './let-names'
import { bareName, sayOperator, type Token, tokenise } from './tokens'

type Spoken = 'zh' | 'en'

const withoutUnit = (label: string): string => label.replace(/\s*[(（][^()（）]*[)）]$/, '').trim()

/** The label of a link path without the form it starts from and without its unit: 提前期, 主供应商的提前期. */
export const shortLabel = (label: string): string => {
  const parts = label.split('.').map(withoutUnit)
  return parts.length > 2 ? `${parts.at(-2)}的${parts.at(-1)}` : (parts.at(-1) ?? label)
}

/** Options of series functions and their values. */
const OPTIONS: Record<Spoken, Record<string, string>> = {
  zh: { exclude: '不计', offset: '往前推', min_days: '至少', spikes: '异常大单', promotions: '大促日', stockouts: '缺货日' },
  en: { exclude: 'without', offset: 'shifted back by', min_days: 'at least', spikes: 'one-off orders', promotions: 'promotion days', stockouts: 'days out of stock' },
}

export interface Wording {
  token: (token: Token) => string
  say: (source: string) => string
  label: (path: string) => string | undefined
}

const SIGNS: Record<Spoken, Record<string, string>> = { zh: { '(': '（', ')': '）', ',': '、' }, en: { ',': ', ' } }

/** Say every token; inside a call `exclude='spikes'` is an option, not a comparison. */
const sayTokens = (tokens: Token[], say: (token: Token) => string, spoken: Spoken): string => {
  const parts: string[] = []
  let option = false
  tokens.forEach((token, index) => {
    if (token.text === '=' && option) parts.push(' ')
    else if (option && token.kind === 'text') {
      const word = token.text.slice(1, -1)
      parts.push(OPTIONS[spoken][word] ?? word)
      option = false
    } else if (token.kind === 'name' && tokens[index + 1]?.text === '=' && token.text in OPTIONS[spoken]) {
      parts.push(OPTIONS[spoken][token.text] ?? token.text)
      option = true
    } else if (token.kind === 'operator' && SIGNS[spoken][token.text]) parts.push(SIGNS[spoken][token.text] ?? '')
    else parts.push(say(token))
  })
  return parts.join('').replace(/([、（]|, )\s+/g, '$1')
}

/** `空值取（提前期、7）` reads 提前期（没填取 7）; inner calls first. */
const sayFallbacks = (text: string, name: string, spoken: Spoken): string => {
  const [open, close, comma] = spoken === 'zh' ? ['（', '）', '、'] : ['\\(', '\\)', ', ']
  const call = new RegExp(`${name}${open}([^（）()]*?)${comma}([^（）()]*)${close}`)
  let current = text
  for (let turn = 0; turn < 8 && call.test(current); turn += 1) current = current.replace(call, spoken === 'zh' ? '$1，没填取 $2' : '$1, else $2')
  return current
}

export const wordingOf = (fields: readonly ExpressionField[], functions: readonly FunctionDoc[], spoken: Spoken): Wording => {
  const labels = new Map(fields.map((field) => [field.path, shortLabel((spoken === 'en' && field.label_en) || field.label)]))
  const aliases = new Map(functions.map((doc) => [doc.name.toLowerCase(), spoken === 'en' ? doc.name.toLowerCase().replaceAll('_', ' ') : doc.alias || doc.name]))
  const token = (item: Token): string => {
    if (item.kind === 'name') return labels.get(item.text) ?? sayName(bareName(item.text), spoken)
    if (item.kind === 'function') return aliases.get(item.text.toLowerCase()) ?? item.text
    if (item.kind === 'text') return `“${item.text.slice(1, -1)}”`
    return item.kind === 'operator' ? sayOperator(item.text, spoken) : item.text
  }
  const fallback = aliases.get('if_null') ?? 'if null'
  return { token, say: (source) => sayFallbacks(sayTokens(tokenise(source), token, spoken), fallback, spoken), label: (path) => labels.get(path) }
}
