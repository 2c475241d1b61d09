import { expect, test } from 'vitest'
import { found } from './search'
import type { Card } from './types'

const card = (key: string, name: string, summary: string, summary_en: string): Card => ({ key, name, summary, summary_en, version: '1.0.0', installed: null, off: [] })
const CARDS = [
  card('slow_moving', '滞销与清仓', '多少天没卖、够卖多少天、压了多少钱', 'dead stock and cash tied up'),
  card('multi_warehouse', '多仓调拨', '一个仓快断、别的仓有富余:先调,再买', 'move before you buy'),
]
const keys = (need: string): string[] => found(CARDS, need).map((one) => one.key)

test('a need in plain words finds the pack', () => {
  expect(keys('压钱')).toEqual([])
  expect(keys('压了多少钱')).toEqual(['slow_moving'])
  expect(keys('仓库之间调拨')).toEqual(['multi_warehouse'])
  expect(keys('cash')).toEqual(['slow_moving'])
  expect(keys('zhixiao')).toEqual(['slow_moving'])
  expect(keys('')).toHaveLength(2)
})

test('every word has to be there', () => {
  expect(keys('调拨 清仓')).toEqual([])
})
