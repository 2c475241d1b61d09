import { expect, it } from 'vitest'
import { replaceNumber, tokenise } from './tokens'

const kinds = (source: string): string[] => tokenise(source).filter((token) => token.kind !== 'space').map((token) => `${token.kind}:${token.text}`)

it('tells names, link paths, functions, numbers and words apart', () => {
  expect(kinds('可用库存 < avg_daily(sales.quantity, 7) * 1.2 and sku.stage in ("爆品")')).toEqual([
    'name:可用库存', 'operator:<', 'function:avg_daily', 'operator:(', 'name:sales.quantity', 'operator:,', 'number:7', 'operator:)', 'operator:*', 'number:1.2',
    'operator:and', 'name:sku.stage', 'operator:in', 'operator:(', 'text:"爆品"', 'operator:)',
  ])
})

it('joins back to the very source, whatever it holds', () => {
  for (const source of ['a<b', "x == '多个 词'", '`毛利率(%)` > 0.3', 'a ？ b', '']) expect(tokenise(source).map((token) => token.text).join('')).toBe(source)
})

it('replaces one number and leaves the others', () => {
  const source = 'daily(7) * 1.2 > 7'
  const last = tokenise(source).findLast((token) => token.kind === 'number')
  expect(last && replaceNumber(source, last, 50)).toBe('daily(7) * 1.2 > 50')
})
