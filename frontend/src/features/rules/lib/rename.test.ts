import { expect, it } from 'vitest'
import { renameIn, renameValue } from './rename'

it('renames the name, not texts, longer names or link paths that hold it', () => {
  expect(renameIn("日均 < 日均销量 and a.日均 > 1 and x == '日均'", '日均', '均值')).toBe("均值 < 日均销量 and a.日均 > 1 and x == '日均'")
})

it('quotes a name that is no identifier', () => {
  expect(renameIn('a > 1', 'a', '毛利(%)')).toBe('`毛利(%)` > 1')
})

it('follows the name through values, levels, recovery and promotions', () => {
  const rule = { key: 'k', name: 'n', over: 'stock', let: { a: 'on_hand', b: 'a * 2' }, levels: [{ level: 'warning', when: 'b < a' }], resolve_when: 'a > 9', during: [{ calendar: 'promotion', levels: [{ level: 'critical', when: 'a < 50' }] }] }
  expect(renameValue(rule, 'a', '可用')).toEqual({ let: { 可用: 'on_hand', b: '可用 * 2' }, levels: [{ level: 'warning', when: 'b < 可用' }], resolve_when: '可用 > 9', during: [{ calendar: 'promotion', levels: [{ level: 'critical', when: '可用 < 50' }] }] })
})
