/** An expression in words: labels for names, aliases for functions, words for signs. */
import { useMemo } from 'react'
import type { ExpressionField, FunctionDoc } from '../../api/types'
import { language } from '../../i18n'
import { sayName } from '../../lib/let-names'
import { bareName, sayOperator, type Token, tokenise } from '../../lib/tokens'
import { useCatalog, useFields } from './use-check'

/** The label of a link path without the form it leads through and without its unit: 提前期. */
export const shortLabel = (label: string): string => (label.split('.').at(-1) ?? label).replace(/[(（][^()（）]*[)）]$/, '')

export interface Wording {
  token: (token: Token) => string
  say: (source: string) => string
  label: (path: string) => string | undefined
}

const NO_FIELDS: readonly ExpressionField[] = []
const NO_FUNCTIONS: readonly FunctionDoc[] = []

export const wordingOf = (fields: readonly ExpressionField[], functions: readonly FunctionDoc[], spoken: 'zh' | 'en'): Wording => {
  const labels = new Map(fields.map((field) => [field.path, shortLabel((spoken === 'en' && field.label_en) || field.label)]))
  const aliases = new Map(functions.map((doc) => [doc.name.toLowerCase(), spoken === 'en' ? doc.name.toLowerCase().replaceAll('_', ' ') : doc.alias || doc.name]))
  const token = (item: Token): string => {
    if (item.kind === 'name') return labels.get(item.text) ?? sayName(bareName(item.text), spoken)
    if (item.kind === 'function') return aliases.get(item.text.toLowerCase()) ?? item.text
    if (item.kind === 'text') return `“${item.text.slice(1, -1)}”`
    return item.kind === 'operator' ? sayOperator(item.text, spoken) : item.text
  }
  const say = (source: string): string => tokenise(source).map(token).join('')
  return { token, say, label: (path) => labels.get(path) }
}

export const useWording = (over: string): Wording => {
  const fields = useFields(over)
  const catalog = useCatalog()
  const spoken = language()
  return useMemo(() => wordingOf(fields.data ?? NO_FIELDS, catalog.data?.functions ?? NO_FUNCTIONS, spoken), [fields.data, catalog.data, spoken])
}
