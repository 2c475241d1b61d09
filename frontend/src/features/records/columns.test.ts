import { expect, it } from 'vitest'
import type { FormDefinition } from '../../api/types'
import { columnsOf, groupFilter, moved } from './columns'

const form: FormDefinition = { key: 'f', name: 'f', fields: ['a', 'b', 'c'].map((key) => ({ key, type: 'text', label: key })) }

it('keeps what was chosen, adds new fields hidden and forgets those that are gone', () => {
  expect(columnsOf(form, form.fields, undefined)).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }])
  expect(columnsOf(form, form.fields, [{ key: 'c', width: 90 }, { key: 'gone' }, { key: 'a', hidden: true }])).toEqual([{ key: 'c', width: 90 }, { key: 'a', hidden: true }, { key: 'b', hidden: true }])
})

it('moves a column and stops at the edges', () => {
  const columns = columnsOf(form, form.fields, undefined)
  expect(moved(columns, 'b', -1).map((column) => column.key)).toEqual(['b', 'a', 'c'])
  expect(moved(columns, 'a', -1).map((column) => column.key)).toEqual(['a', 'b', 'c'])
})

it('says the rows of a group as an expression', () => {
  const field = { key: 'kind', type: 'text', label: '类' }
  expect([groupFilter('', field, "a'b"), groupFilter('n > 1', field, 3), groupFilter('', field, null), groupFilter('', field, true)]).toEqual(["kind == 'a\\'b'", '(n > 1) and kind == 3', 'IS_NULL(kind)', 'kind == True'])
})
