/** What may stand in a formula: fields by path and label, named values, functions; found by Chinese, English or pinyin initials. */
import PinyinMatch from 'pinyin-match'
import type { ExpressionField, FunctionDoc } from '../../api/types'

export interface Word {
  insert: string
  label: string
  detail: string
  info?: string
  kind: 'field' | 'value' | 'function'
  doc?: FunctionDoc
}

export const fieldWords = (fields: readonly ExpressionField[], language: 'zh' | 'en'): Word[] =>
  fields.map((field) => {
    const label = (language === 'en' && field.label_en) || field.label
    return { insert: field.path, label, detail: field.path, kind: 'field', info: field.group && field.group !== label ? field.group : undefined }
  })

export const valueWords = (names: Record<string, string> | undefined): Word[] =>
  Object.entries(names ?? {}).map(([name, source]) => ({ insert: name, label: name, detail: source, kind: 'value' }))

export const functionWords = (functions: readonly FunctionDoc[], language: 'zh' | 'en'): Word[] =>
  functions.map((doc) => ({
    insert: `${doc.name.toLowerCase()}(`,
    label: language === 'en' || !doc.alias ? doc.name.toLowerCase() : doc.alias,
    detail: doc.signature,
    info: language === 'en' ? doc.doc_en || doc.doc : doc.doc,
    kind: 'function',
    doc,
  }))

const PRIORITY = { value: 0, field: 1, function: 2 } as const

/** How well a word answers what was typed: 0 best, null not at all. */
const score = (word: Word, typed: string): number | null => {
  if (typed === '') return 3
  const lower = typed.toLowerCase()
  const texts = [word.label.toLowerCase(), word.insert.toLowerCase()]
  if (texts.some((text) => text.startsWith(lower))) return 0
  if (word.insert.toLowerCase().split('.').some((part) => part.startsWith(lower))) return 1
  if (texts.some((text) => text.includes(lower))) return 2
  return PinyinMatch.match(word.label, typed) ? 2 : null
}

export const suggest = (words: readonly Word[], typed: string, limit = 60): Word[] =>
  words
    .map((word) => ({ word, score: score(word, typed) }))
    .filter((found): found is { word: Word; score: number } => found.score !== null)
    .sort((one, other) => one.score - other.score || PRIORITY[one.word.kind] - PRIORITY[other.word.kind] || one.word.insert.length - other.word.insert.length)
    .slice(0, limit)
    .map((found) => found.word)
