import { expect, it } from 'vitest'
import { type ConditionGroup, printGroup } from './conditions'

const numeric = (field: string): boolean => field !== 'sku.stage'
const print = (group: ConditionGroup): string => printGroup(group, numeric)

it('prints numbers bare and texts quoted, lists as tuples', () => {
  expect(print({ combinator: 'and', rules: [{ field: 'on_hand', operator: '<', value: '20' }, { field: 'sku.stage', operator: 'in', value: '爆品、新品' }] })).toBe("on_hand < 20 and sku.stage in ('爆品', '新品')")
  expect(print({ combinator: 'and', rules: [{ field: 'sku.stage', operator: 'in', value: ['爆品'] }] })).toBe("sku.stage in ('爆品',)")
})

it('keeps a right-hand side that is a formula as it stands', () => {
  expect(print({ combinator: 'and', rules: [{ field: '可用库存', operator: '<', value: '日均 * 1.2', valueSource: 'field' }] })).toBe('可用库存 < 日均 * 1.2')
})

it('brackets inner groups, negates, and quotes a quote', () => {
  const group: ConditionGroup = { combinator: 'and', rules: [{ field: 'a', operator: '>', value: 1 }, { combinator: 'or', not: false, rules: [{ field: 'sku.stage', operator: '==', value: "o'k" }, { field: 'b', operator: 'is_null', value: '' }] }] }
  expect(print(group)).toBe("a > 1 and (sku.stage == 'o\\'k' or is_null(b))")
  expect(print({ combinator: 'or', not: true, rules: [{ field: 'a', operator: '>', value: 1 }] })).toBe('not (a > 1)')
})

it('leaves unfinished conditions out', () => {
  expect(print({ combinator: 'and', rules: [{ field: 'a', operator: '<', value: '' }] })).toBe('')
})
