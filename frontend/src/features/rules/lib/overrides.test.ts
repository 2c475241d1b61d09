import { expect, it } from 'vitest'
import type { RuleDefinition } from '../../../api/types'
import { blanks, codesTest, fromPasted, readCodes, readPasted, withNumber } from './overrides'

const levels = [{ level: 'warning', when: 'a < daily(7) * 1.5' }, { level: 'critical', when: 'a < 20' }]
const rule = { key: 'r', name: 'r', over: 'stock', levels } as RuleDefinition

it('finds the numbers of the levels and replaces one', () => {
  const found = blanks(levels)
  expect(found.map((one) => [one.level, one.index, one.value])).toEqual([[0, 0, 7], [0, 1, 1.5], [1, 0, 20]])
  expect(withNumber(levels, { level: 0, index: 1 }, 2)).toEqual([{ level: 'warning', when: 'a < daily(7) * 2' }, levels[1]])
})

it('writes codes as a condition and reads them back', () => {
  for (const codes of [['A001'], ['A-1', "O'Neil", 'B\\2']]) expect(readCodes(codesTest('sku', codes), 'sku')).toEqual(codes)
  expect(readCodes("sku.stage == '爆品'", 'sku')).toBeNull()
})

it('reads what a spreadsheet pastes, and says which lines it cannot', () => {
  expect(readPasted('A001\t1.5\r\nA002, 2\n\nA003 many')).toEqual({ lines: [{ code: 'A001', value: 1.5 }, { code: 'A002', value: 2 }], wrong: ['A003 many'] })
})

it('makes one exception for each number', () => {
  const made = fromPasted(rule, 'sku', blanks(levels)[1] as never, readPasted('A 2\nB 3\nC 2').lines)
  expect(made).toEqual([
    { where: "sku in ['A', 'C']", levels: [{ level: 'warning', when: 'a < daily(7) * 2' }, levels[1]] },
    { where: "sku in ['B']", levels: [{ level: 'warning', when: 'a < daily(7) * 3' }, levels[1]] },
  ])
})
