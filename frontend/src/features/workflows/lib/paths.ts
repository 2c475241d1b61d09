/** Where on the canvas a problem belongs: `$.nodes.boss.approvers` is the step `boss`, `$.edges[3].condition` a branch. */
import type { Chosen } from '../../../components/flow/desk'
import type { Flow } from '../../../lib/flow/model'

const NODE = /^\$\.nodes(?:\.([^.[\]]+)|\[['"]([^'"]+)['"]\])/
const EDGE = /^\$\.edges\[(\d+)\]/

export const placeOf = (path: string, flow: Flow): Chosen => {
  const node = NODE.exec(path)
  const id = node?.[1] ?? node?.[2]
  if (id !== undefined && id in flow.nodes) return { kind: 'node', id }
  const edge = flow.edges[Number(EDGE.exec(path)?.[1] ?? -1)]
  return edge ? { kind: 'edge', id: edge.id } : null
}
