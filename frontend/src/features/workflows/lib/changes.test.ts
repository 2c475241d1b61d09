import { expect, it } from 'vitest'
import type { Flow } from '../../../lib/flow/model'
import { compare } from './changes'

const BEFORE: Flow = { key: 'f', name: 'f', nodes: { s: { type: 'start' }, a: { type: 'approval', name: '甲', approvers: ['x'], position: { x: 1, y: 1 } }, z: { type: 'end' } }, edges: [{ id: 'e1', from: 's', to: 'a' }, { id: 'e2', from: 'a', to: 'z' }] }

it('says what was added, removed and changed, and draws both at once', () => {
  const after: Flow = { ...BEFORE, nodes: { s: { type: 'start' }, a: { type: 'approval', name: '甲', approvers: ['y'] }, b: { type: 'cc', to: ['x'] }, z: { type: 'end' } }, edges: [{ id: 'e1', from: 's', to: 'a' }, { id: 'e2', from: 'a', to: 'b' }, { id: 'e3', from: 'b', to: 'z' }] }
  const found = compare(BEFORE, after)
  expect(found.changes).toEqual([{ id: 'a', name: '甲', kind: 'changed', settings: ['approvers'] }, { id: 'b', name: 'b', kind: 'added', settings: [] }])
  expect([...found.edgeTones]).toEqual([['e2', 'added'], ['e3', 'added'], ['e2~', 'removed']])
})

it('finds nothing between equal versions, wherever the cards stand', () => {
  const moved: Flow = { ...BEFORE, nodes: { ...BEFORE.nodes, a: { type: 'approval', name: '甲', approvers: ['x'] } } }
  expect(compare(BEFORE, moved).changes).toEqual([])
})
