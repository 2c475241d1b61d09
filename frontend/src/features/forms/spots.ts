/** Which spot of the designer a problem's path speaks of. */
import type { FormDefinition } from '../../api/types'
import { blocksOf } from '../../lib/form/layout'
import type { Selected, View } from './store'

export interface JumpSpot {
  view: View
  selected?: Selected
  id?: string
}

export const spotOfPath = (form: FormDefinition, path: string): JumpSpot => {
  const [, place, , inner] = /^\$\.fields\[(\d+)\](\.fields\[(\d+)\])?/.exec(path) ?? []
  const field = place === undefined ? undefined : form.fields[Number(place)]
  const column = inner === undefined ? undefined : field?.fields?.[Number(inner)]
  if (field && column) return { view: 'design', selected: { kind: 'column', key: field.key, column: column.key } }
  if (field) return { view: 'design', selected: { kind: 'field', key: field.key } }
  const [, word, index] = /^\$\.(rules|checks)\[(\d+)\]/.exec(path) ?? []
  if (word) return { view: 'logic', id: `${word === 'rules' ? 'rule' : 'check'}-${index}` }
  const [, group] = /^\$\.permissions\[(\d+)\]/.exec(path) ?? []
  if (group !== undefined) return { view: 'rights', id: `rights-${group}` }
  const [, block] = /^\$\.layout\[(\d+)\]/.exec(path) ?? []
  if (block !== undefined && Number(block) < blocksOf(form).length) return { view: 'design', selected: { kind: 'block', place: [Number(block)] } }
  return { view: 'design', selected: { kind: 'form' } }
}
