/** Texts by code points, and patterns matched over their parsed tree in linear time. */
import { MAX_TEXT } from './tree'

export const BLANKS = ' \t\r\n\u3000\u00a0'

export const length = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

export const bounded = (text: string): string | null => (text.length <= MAX_TEXT || length(text) <= MAX_TEXT ? text : null)

/** Compare by code point; JavaScript's own `<` compares UTF-16 units. */
export const compare = (a: string, b: string): number => {
  const one = [...a]
  const other = [...b]
  const shared = Math.min(one.length, other.length)
  for (let index = 0; index < shared; index += 1) {
    const gap = (one[index] as string).codePointAt(0)! - (other[index] as string).codePointAt(0)!
    if (gap !== 0) return gap
  }
  return one.length - other.length
}

const size = (n: number): number => Math.floor(Math.min(n, 1e9))

export const left = (text: string, n: number): string | null => (n < 0 ? null : bounded([...text].slice(0, size(n)).join('')))

export const right = (text: string, n: number): string | null => {
  if (n < 0) return null
  const all = [...text]
  return bounded(all.slice(Math.max(all.length - size(n), 0)).join(''))
}

export const mid = (text: string, start: number, n: number): string | null => {
  if (start < 1 || n < 0) return null
  const first = size(start) - 1
  return bounded([...text].slice(first, first + size(n)).join(''))
}

const eachLetter = (text: string, change: (letter: string) => string): string | null => {
  if (length(text) > MAX_TEXT) return null
  return [...text].map((letter) => (length(change(letter)) === 1 ? change(letter) : letter)).join('')
}

export const lower = (text: string): string | null => eachLetter(text, (letter) => (letter === 'İ' ? 'i' : letter.toLowerCase()))

/** Letters whose capital is usually written as two letters; here each letter stays one, as in SQL. */
const ONE_CAPITAL = new Map(Object.entries({ ß: 'ẞ', ᾳ: 'ᾼ', ῃ: 'ῌ', ῳ: 'ῼ' }))
for (const start of [0x1f80, 0x1f90, 0x1fa0]) for (let code = start; code < start + 8; code += 1) ONE_CAPITAL.set(String.fromCodePoint(code), String.fromCodePoint(code + 8))

export const upper = (text: string): string | null => eachLetter(text, (letter) => ONE_CAPITAL.get(letter) ?? letter.toUpperCase())

export const trim = (text: string): string | null => {
  let start = 0
  let end = text.length
  while (start < end && BLANKS.includes(text[start] as string)) start += 1
  while (end > start && BLANKS.includes(text[end - 1] as string)) end -= 1
  return bounded(text.slice(start, end))
}

export const replace = (text: string, old: string, fresh: string): string | null => {
  if (old === '') return bounded(text)
  const pieces = text.split(old)
  const total = length(text) + (pieces.length - 1) * (length(fresh) - length(old))
  return total <= MAX_TEXT ? pieces.join(fresh) : null
}

const NUMERAL = /^(?:[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?|[+-]?\.[0-9]+%?)$/

export const readNumber = (text: string): number | null => {
  const written = length(text) <= 400 ? (trim(text) ?? '') : ''
  if (written.length > 300 || !NUMERAL.test(written)) return null
  const number = Number(written.replaceAll(',', '').replace('%', ''))
  return written.endsWith('%') ? number / 100 : number
}

export interface Pattern {
  set?: [number, number][]
  not?: boolean
  all?: Pattern[]
  any?: Pattern[]
  of?: Pattern
  least?: number
  most?: number | null
}

interface State {
  set?: Pattern
  next: State[]
}

/** Build the automaton of a pattern, from its end: every state leads to what follows. */
const build = (pattern: Pattern, after: State): State => {
  if (pattern.set) return { set: pattern, next: [after] }
  if (pattern.all) return pattern.all.reduceRight((following, part) => build(part, following), after)
  if (pattern.any) return { next: pattern.any.map((part) => build(part, after)) }
  const inner = pattern.of as Pattern
  let tail = after
  if (pattern.most === null || pattern.most === undefined) {
    const loop: State = { next: [after] }
    loop.next.unshift(build(inner, loop))
    tail = loop
  } else {
    for (let count = pattern.least ?? 0; count < pattern.most; count += 1) tail = { next: [build(inner, tail), after] }
  }
  for (let count = 0; count < (pattern.least ?? 0); count += 1) tail = build(inner, tail)
  return tail
}

const accepts = (pattern: Pattern, code: number): boolean =>
  (pattern.set as [number, number][]).some(([low, high]) => low <= code && code <= high) !== (pattern.not ?? false)

const reach = (from: State[]): Set<State> => {
  const found = new Set<State>()
  const waiting = [...from]
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    if (found.has(state)) continue
    found.add(state)
    if (!state.set) waiting.push(...state.next)
  }
  return found
}

/** Say whether the whole text matches; null for a text beyond the limit. */
export const matches = (text: string, pattern: Pattern): boolean | null => {
  if (length(text) > MAX_TEXT) return null
  const end: State = { next: [] }
  let now = reach([build(pattern, end)])
  for (const letter of text) {
    const code = letter.codePointAt(0) as number
    if (code >= 0xd800 && code <= 0xdfff) return null
    const next: State[] = []
    for (const state of now) if (state.set && accepts(state.set, code)) next.push(...state.next)
    now = reach(next)
  }
  return now.has(end)
}
