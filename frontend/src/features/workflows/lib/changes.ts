/** What differs between two versions of a workflow, drawn on one canvas: both at once, each step marked. */
import type { Mark } from '../../../components/flow/desk'
import type { Flow } from '../../../lib/flow/model'

export interface Change {
  id: string
  name: string
  kind: 'added' | 'removed' | 'changed'
  settings: string[]
}

export interface Compared {
  flow: Flow
  marks: Map<string, Mark>
  edgeTones: Map<string, 'added' | 'removed'>
  changes: Change[]
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The settings that differ; where a card stands by hand is none. */
const differing = (one: Record<string, unknown>, other: Record<string, unknown>): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => name !== 'position' && !same(one[name], other[name])).toSorted()

const edgeKey = (edge: Flow['edges'][number]): string => `${edge.from}>${edge.to}>${edge.condition ?? ''}>${edge.default ?? ''}`

export const compare = (before: Flow, after: Flow): Compared => {
  const changes: Change[] = []
  const marks = new Map<string, Mark>()
  const note = (id: string, name: string, kind: Change['kind'], settings: string[]): void => {
    changes.push({ id, name, kind, settings })
    marks.set(id, { tone: kind })
  }
  for (const [id, node] of Object.entries(after.nodes)) {
    const was = before.nodes[id]
    if (!was) note(id, node.name ?? id, 'added', [])
    else if (differing(was, node).length > 0) note(id, node.name ?? id, 'changed', differing(was, node))
  }
  for (const [id, node] of Object.entries(before.nodes)) if (!(id in after.nodes)) note(id, node.name ?? id, 'removed', [])
  const edgeTones = new Map<string, 'added' | 'removed'>()
  const [had, has] = [new Set(before.edges.map(edgeKey)), new Set(after.edges.map(edgeKey))]
  for (const edge of after.edges) if (!had.has(edgeKey(edge))) edgeTones.set(edge.id, 'added')
  const taken = new Set(after.edges.map((edge) => edge.id))
  const gone = before.edges.filter((edge) => !has.has(edgeKey(edge))).map((edge) => ({ ...edge, id: taken.has(edge.id) ? `${edge.id}~` : edge.id }))
  for (const edge of gone) edgeTones.set(edge.id, 'removed')
  for (const edge of after.edges) {
    const was = before.edges.find((other) => other.id === edge.id && other.from === edge.from)
    if (was && was.condition !== edge.condition) marks.set(`?${edge.id}`, { tone: 'changed' })
  }
  return { flow: { ...after, nodes: { ...before.nodes, ...after.nodes }, edges: [...after.edges, ...gone] }, marks, edgeTones, changes }
}
