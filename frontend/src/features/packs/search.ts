/** Find packs by need in plain words: every word somewhere in what a pack says about itself, Chinese also by pinyin. */
import PinyinMatch from 'pinyin-match'
import type { Card } from './types'

const said = (card: Card): string =>
  [card.name, card.name_en, card.key, card.summary, card.summary_en, card.description, card.description_en, ...(card.tags ?? []), ...(card.for ?? [])].filter(Boolean).join('\n').toLowerCase()

/** Chinese has no spaces: of a need of three characters or more, each two-character piece that is there counts. */
const pieces = (word: string): string[] => Array.from({ length: Math.max(1, word.length - 1) }, (_, at) => word.slice(at, at + 2))

/** How much of *word* the text meets, 0 … 1. */
const share = (text: string, word: string): number => {
  if (text.includes(word)) return 1
  if (/^[a-z0-9]+$/.test(word)) return word.length > 1 && PinyinMatch.match(text.slice(0, 60), word) !== false ? 1 : 0
  const parts = pieces(word)
  return parts.length > 1 ? parts.filter((part) => text.includes(part)).length / parts.length : 0
}

const total = (shares: number[]): number => shares.reduce((sum, one) => sum + one, 0)

/** The packs that meet every word of *need*, the best first. */
export const found = (cards: Card[], need: string): Card[] => {
  const words = need.toLowerCase().split(/[\s,，。、？?]+/).filter(Boolean)
  const scored = cards.map((card) => {
    const text = said(card)
    return { card, shares: words.map((word) => share(text, word)) }
  })
  return scored.filter(({ shares }) => shares.every((one) => one > 0)).sort((one, other) => total(other.shares) - total(one.shares)).map(({ card }) => card)
}
