import { expect, it } from 'vitest'
import { accessOf, withAccess } from './permissions'

const FIELDS = ['quantity', 'price', 'note']

it('reads who may do what, and writes it back as two lists', () => {
  const node = { type: 'approval', write: ['quantity'], hide: ['price'] }
  expect(FIELDS.map((field) => accessOf(node, field))).toEqual(['write', 'hide', 'read'])
  expect(withAccess(node, FIELDS, 'note', 'write')).toEqual({ write: ['quantity', 'note'], hide: ['price'], read: undefined })
})

it('lets somebody who does the work write everything unless said', () => {
  expect(accessOf({ type: 'task' }, 'quantity')).toBe('write')
  expect(accessOf({ type: 'approval' }, 'quantity')).toBe('read')
})

it('hides what is not among the fields to read', () => {
  const node = { type: 'approval', read: ['note'] }
  expect(withAccess(node, FIELDS, 'quantity', 'write')).toEqual({ write: ['quantity'], hide: ['price'], read: undefined })
})
