import { expect, it } from 'vitest'
import { pastedCells } from './paste'

it('reads cells, empty cells, quotes and line ends inside a cell', () => {
  expect(pastedCells('A1\t珍珠\r\nA2\t\r\n')).toEqual([['A1', '珍珠'], ['A2', '']])
  expect(pastedCells('"两\n行"\t"5"" 屏"')).toEqual([['两\n行', '5" 屏']])
  expect(pastedCells('单个')).toEqual([['单个']])
})
