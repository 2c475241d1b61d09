import { expect, test } from 'vitest'
import { newer } from './newer'

test('the order of semantic versions', () => {
  expect(newer('1.10.0', '1.9.9')).toBe(true)
  expect(newer('1.0.0', '1.0.0')).toBe(false)
  expect(newer('1.0.0', '1.0.0-beta')).toBe(true)
  expect(newer('1.0.0-beta', '1.0.0')).toBe(false)
})
