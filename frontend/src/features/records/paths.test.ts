import { expect, it } from 'vitest'
import { fieldOfPath } from './paths'

it.each([['$.values.code', 'code'], ['$.code', 'code'], ['$.lines[0].sku', 'lines'], ['$', ''], ['code', 'code']])('%s speaks of “%s”', (path, field) => {
  expect(fieldOfPath(path)).toBe(field)
})
