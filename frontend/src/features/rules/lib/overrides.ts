/** Exceptions to a rule: for some records other numbers; made one by one, or from a list that somebody pasted. */
import type { Level, RuleDefinition, RuleOverride } from '../../../api/types'
import { replaceNumber, tokenise } from '../../../lib/tokens'

export interface Blank {
  /** Which level's condition, and which number in it. */
  level: number
  index: number
  text: string
  value: number
}

/** The numbers in the conditions of the levels, in order. */
export const blanks = (levels: readonly Level[]): Blank[] =>
  levels.flatMap((level, at) => tokenise(level.when).filter((token) => token.kind === 'number').map((token, index) => ({ level: at, index, text: level.when, value: Number(token.text) })))

/** The levels with another number in one place. */
export const withNumber = (levels: readonly Level[], blank: Pick<Blank, 'level' | 'index'>, value: number): Level[] =>
  levels.map((level, at) => {
    if (at !== blank.level) return level
    const token = tokenise(level.when).filter((one) => one.kind === 'number')[blank.index]
    return token ? { ...level, when: replaceNumber(level.when, token, value) } : level
  })

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The condition that picks some codes: `sku in ['A001', 'A002']`. */
export const codesTest = (field: string, codes: readonly string[]): string => `${field} in [${codes.map(quoted).join(', ')}]`

/** The codes of a condition of that form, or null for any other. */
export const readCodes = (where: string, field: string): string[] | null => {
  const match = new RegExp(`^\\s*${field}\\s+in\\s+[[(](.*)[\\])]\\s*$`).exec(where)
  if (!match) return null
  return [...(match[1] ?? '').matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map((found) => (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1'))
}

export interface Pasted {
  lines: { code: string; value: number }[]
  wrong: string[]
}

/** Read lines of code and number, as they come out of a spreadsheet. */
export const readPasted = (text: string): Pasted => {
  const found: Pasted = { lines: [], wrong: [] }
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const match = /^\s*([^\s,，;；]+)[\s,，;；]+(-?\d+(?:\.\d+)?)\s*$/.exec(line)
    if (match) found.lines.push({ code: match[1] ?? '', value: Number(match[2]) })
    else found.wrong.push(line.trim())
  }
  return found
}

/** One exception for each number that was pasted, with all the codes that share it. */
export const fromPasted = (rule: RuleDefinition, field: string, blank: Blank, lines: Pasted['lines']): RuleOverride[] => {
  const codes = new Map<number, string[]>()
  for (const line of lines) codes.set(line.value, [...(codes.get(line.value) ?? []), line.code])
  return [...codes].map(([value, list]) => ({ where: codesTest(field, list), levels: withNumber(rule.levels, blank, value) }))
}
