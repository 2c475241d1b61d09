import { expect, it } from 'vitest'
import { typeset } from './typeset'

it.each([
  ['演示店铺,数据是模拟的', '演示店铺，数据是模拟的'],
  ['没有名为“库存量”的字段,是否想用“库存数”?', '没有名为“库存量”的字段，是否想用“库存数”？'],
  ['缺少 label(必填)', '缺少 label（必填）'],
  ['原因:提前期为空;请补上', '原因：提前期为空；请补上'],
  ['12 + 0 − 3 = 9 < 日均 5.14 × 提前期 7 × 1.2 = 43.2', '12 + 0 − 3 = 9 < 日均 5.14 × 提前期 7 × 1.2 = 43.2'],
  ['avg_daily(销量, 7) 小于 1,234', 'avg_daily(销量, 7) 小于 1,234'],
  ['plain English, untouched', 'plain English, untouched'],
])('%s', (before, after) => {
  expect(typeset(before)).toBe(after)
})
