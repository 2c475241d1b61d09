import { expect, it } from 'vitest'
import type { FormDefinition } from '../../api/types'
import { spotOfPath } from './spots'

const form: FormDefinition = { key: 'f', name: 'f', fields: [{ key: 'a', type: 'text', label: 'a' }, { key: 'lines', type: 'sub_form', label: '明细', fields: [{ key: 'n', type: 'number', label: 'n' }] }] }

it('finds the field, the column, the rule or the form that a problem speaks of', () => {
  expect(spotOfPath(form, '$.fields[0].label')).toEqual({ view: 'design', selected: { kind: 'field', key: 'a' } })
  expect(spotOfPath(form, '$.fields[1].fields[0].type')).toEqual({ view: 'design', selected: { kind: 'column', key: 'lines', column: 'n' } })
  expect(spotOfPath(form, '$.rules[2].when')).toEqual({ view: 'logic', id: 'rule-2' })
  expect(spotOfPath(form, '$.checks[0].message')).toEqual({ view: 'logic', id: 'check-0' })
  expect(spotOfPath(form, '$.permissions[1].rows')).toEqual({ view: 'rights', id: 'rights-1' })
  expect(spotOfPath(form, '$.name')).toEqual({ view: 'design', selected: { kind: 'form' } })
  expect(spotOfPath(form, '$.fields[9]')).toEqual({ view: 'design', selected: { kind: 'form' } })
})
