import { expect, it } from 'vitest'
import { placeOf } from './paths'

const FLOW = { key: 'f', name: 'f', nodes: { boss: { type: 'approval' }, 主管: { type: 'approval' } }, edges: [{ id: 'e1', from: 'boss', to: '主管' }] }

it('finds the step or the branch of a problem', () => {
  expect(['$.nodes.boss.approvers', "$.nodes['主管']", '$.edges[0].condition', '$.name', '$.nodes.gone'].map((path) => placeOf(path, FLOW))).toEqual([{ kind: 'node', id: 'boss' }, { kind: 'node', id: '主管' }, { kind: 'edge', id: 'e1' }, null, null])
})
