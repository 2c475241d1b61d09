import { expect, it } from 'vitest'
import { indexAt } from './aim'

const row = (top: number, left: number, width = 100) => ({ top, bottom: top + 40, left, right: left + width })

it('lands before the child whose middle lies below, in one column', () => {
  const rects = [row(0, 0), row(50, 0), row(100, 0)]
  expect([[5, 5], [5, 30], [5, 75], [5, 300]].map(([x, y]) => indexAt(rects, x as number, y as number, 1))).toEqual([0, 1, 2, 3])
})

it('reads rows from left to right where there are columns', () => {
  const rects = [row(0, 0), row(0, 110), row(50, 0)]
  expect([[20, 20], [90, 20], [190, 20], [20, 60], [90, 60]].map(([x, y]) => indexAt(rects, x as number, y as number, 2))).toEqual([0, 1, 2, 2, 3])
})
