/** Chinese punctuation for Chinese text: the server writes half-width marks, readers expect full-width ones. */

const CJK = '\\u4e00-\\u9fff'

const MARKS: [RegExp, string][] = [
  [new RegExp(`(?<=[${CJK}”」』）}]),(?!\\s*\\d)\\s?`, 'g'), '，'],
  [new RegExp(`(?<=[\\w%”」』）]),\\s?(?=[${CJK}“「『])`, 'g'), '，'],
  [new RegExp(`(?<=[\\w%）]);\\s?(?=[${CJK}“])`, 'g'), '；'],
  [new RegExp(`(?<=[${CJK}”」』）]):(?!:|//)\\s?`, 'g'), '：'],
  [new RegExp(`(?<=[${CJK}”」』）]);\\s?`, 'g'), '；'],
  [new RegExp(`(?<=[${CJK}”」』）])\\?`, 'g'), '？'],
  [new RegExp(`(?<=[${CJK}”」』）])!`, 'g'), '！'],
]

const BRACKETS = /\(([^()]*)\)/g
const HAS_CJK = new RegExp(`[${CJK}]`)

export const typeset = (text: string): string => {
  if (!HAS_CJK.test(text)) return text
  const marked = MARKS.reduce((current, [pattern, mark]) => current.replace(pattern, mark), text)
  return marked.replace(BRACKETS, (whole, inner: string, at: number) => {
    const name = /[A-Za-z]\w*$/.exec(marked.slice(0, at))?.[0] ?? ''
    const call = name.includes('_') || (name !== '' && inner.includes(','))
    return !call && HAS_CJK.test(inner) ? `（${inner}）` : whole
  })
}
