/** An expression's text in pieces: names to show as labels, operators as words, numbers as blanks to fill in. */

export type TokenKind = 'number' | 'text' | 'name' | 'function' | 'operator' | 'space'

export interface Token {
  kind: TokenKind
  text: string
  start: number
  end: number
}

const PATTERN = /(?<space>\s+)|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<number>\d+(?:\.\d+)?)|(?<name>`[^`]*`|[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)|(?<operator><=|>=|==|!=|<>|\/\/|\*\*|[-+*/%<>=(),[\].])/uy

const WORDS = new Set(['and', 'or', 'not', 'in', 'if', 'else', 'is', '且', '或', '非', 'True', 'False', 'None'])

const kindOf = (groups: Record<string, string | undefined>, text: string, rest: string): TokenKind => {
  if (groups.space !== undefined) return 'space'
  if (groups.text !== undefined) return 'text'
  if (groups.number !== undefined) return 'number'
  if (groups.operator !== undefined || WORDS.has(text)) return 'operator'
  return /^\s*\(/.test(rest) ? 'function' : 'name'
}

/** Cut a source into tokens; what is no token (a stray character) becomes an operator of one character. */
export const tokenise = (source: string): Token[] => {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    PATTERN.lastIndex = at
    const match = PATTERN.exec(source)
    const text = match?.[0] ?? source.slice(at, at + 1)
    const end = at + text.length
    tokens.push({ kind: match ? kindOf(match.groups ?? {}, text, source.slice(end)) : 'operator', text, start: at, end })
    at = end
  }
  return tokens
}

/** Put another number where a number token stands. */
export const replaceNumber = (source: string, token: Token, value: number): string => source.slice(0, token.start) + String(value) + source.slice(token.end)

const OPERATORS: Record<'zh' | 'en', Record<string, string>> = {
  zh: { '<': '小于', '>': '大于', '<=': '不超过', '>=': '不少于', '==': '是', '=': '是', '!=': '不是', '<>': '不是', and: '并且', or: '或者', not: '不', in: '属于', '*': '×', '/': '÷', '-': '−', ',': '、', if: '如果', else: '否则' },
  en: { '<': 'is less than', '>': 'is more than', '<=': 'is at most', '>=': 'is at least', '==': 'is', '=': 'is', '!=': 'is not', '<>': 'is not', and: 'and', or: 'or', not: 'not', in: 'is one of', '*': '×', '/': '÷', '-': '−' },
}

export const sayOperator = (text: string, language: 'zh' | 'en'): string => OPERATORS[language][text] ?? text

export const bareName = (text: string): string => text.replace(/^`|`$/g, '')
