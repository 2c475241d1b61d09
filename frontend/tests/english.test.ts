import { expect, it } from 'vitest'
import { chineseTexts, englishTables } from './texts'

const english = englishTables()
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()

it('has English for every Chinese text of the interface', () => {
  const missing = chineseTexts().filter((found) => !(found.text in english))

  expect(missing).toEqual([])
})

it('keeps no English for a text that is gone', () => {
  const used = new Set(chineseTexts().map((found) => found.text))

  expect(Object.keys(english).filter((text) => !used.has(text))).toEqual([])
})

it('fills in the same values in both languages', () => {
  const wrong = Object.entries(english).filter(([chinese, text]) => placeholders(text).some((name) => !placeholders(chinese).includes(name)))

  expect(wrong).toEqual([])
})
