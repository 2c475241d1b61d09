import { expect, test } from 'vitest'
import { learnedOf, nextYear } from './data'

test('a year on is the same date, and 29 February the day after 28', () => {
  expect(nextYear('2026-11-11')).toBe('2027-11-11')
  expect(nextYear('2028-02-29')).toBe('2029-03-01')
})

test('what was learned is found by event and phase', () => {
  const calendar = { today: '', events: [], discount: 0.15, learned: [{ label: '双11|高潮', multiplier: 4.4, days: 4 }] }
  expect(learnedOf(calendar, '双11', '高潮')).toBe(4.4)
  expect(learnedOf(calendar, '双11', '返场')).toBeUndefined()
})
