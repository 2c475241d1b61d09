/** A workflow as the server keeps it: nodes by id, edges in the designer's order, which is their priority. */
import type { Json } from '../../api/types'

export interface FlowNode {
  type: string
  name?: string
  name_en?: string
  description?: string
  boundary?: { id: string; name?: string; after: string | number; interrupting?: boolean; every?: string | number | null }[]
  position?: { x: number; y: number }
  [setting: string]: unknown
}

export interface FlowEdge {
  id: string
  from: string
  to: string
  condition?: string
  default?: boolean
  name?: string
  name_en?: string
}

export interface FlowPolicy {
  dedupe?: 'none' | 'consecutive' | 'earlier'
  submit_counts?: boolean
  watch?: string[]
  recall?: 'never' | 'before_first' | 'anytime'
  revoke?: 'never' | 'approvers' | string[]
  urge_every?: string | number
}

export interface Flow {
  kind?: 'workflow'
  key: string
  name: string
  name_en?: string
  description?: string
  schema_version?: number
  form?: string
  policy?: FlowPolicy
  nodes: Record<string, FlowNode>
  edges: FlowEdge[]
  layout?: Record<string, Json>
}

/** The node that an edge leaves; `boss#late` leaves the boundary event `late` of `boss`. */
export const hostOf = (from: string): string => from.split('#')[0] ?? from

export const boundaryOf = (from: string): string | null => (from.includes('#') ? from.slice(from.indexOf('#') + 1) : null)

export interface Links {
  outgoing: Map<string, FlowEdge[]>
  incoming: Map<string, FlowEdge[]>
}

export const linksOf = (flow: Pick<Flow, 'nodes' | 'edges'>): Links => {
  const outgoing = new Map<string, FlowEdge[]>()
  const incoming = new Map<string, FlowEdge[]>()
  for (const id of Object.keys(flow.nodes)) {
    outgoing.set(id, [])
    incoming.set(id, [])
  }
  for (const edge of flow.edges) {
    outgoing.get(hostOf(edge.from))?.push(edge)
    incoming.get(edge.to)?.push(edge)
  }
  return { outgoing, incoming }
}

export const startOf = (flow: Pick<Flow, 'nodes'>): string | undefined => Object.keys(flow.nodes).find((id) => flow.nodes[id]?.type === 'start')

const GATEWAYS = new Set(['exclusive', 'inclusive', 'parallel', 'join', 'event'])

export const isGateway = (type: string): boolean => GATEWAYS.has(type)

/** Waits for its incoming paths, so several paths may end in it directly. */
export const gathers = (type: string): boolean => type === 'parallel' || type === 'inclusive' || type === 'join'

/** The edges that close a circle, found by walking from the start. */
export const loopEdges = (flow: Pick<Flow, 'nodes' | 'edges'>, links: Links): Set<string> => {
  const state = new Map<string, 'open' | 'done'>()
  const loops = new Set<string>()
  for (const root of [startOf(flow), ...Object.keys(flow.nodes)]) {
    if (root === undefined || state.has(root)) continue
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }]
    state.set(root, 'open')
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { id: string; next: number }
      const edge = links.outgoing.get(top.id)?.[top.next]
      if (!edge) {
        state.set(top.id, 'done')
        stack.pop()
        continue
      }
      top.next += 1
      const seen = state.get(edge.to)
      if (seen === 'open') loops.add(edge.id)
      else if (seen === undefined && flow.nodes[edge.to]) {
        state.set(edge.to, 'open')
        stack.push({ id: edge.to, next: 0 })
      }
    }
  }
  return loops
}

/** Nodes that can be reached from *from* without passing *stop*. */
export const reach = (links: Links, from: string, stop: ReadonlySet<string> = new Set()): Set<string> => {
  const seen = new Set<string>()
  const todo = [from]
  while (todo.length > 0) {
    const id = todo.pop() as string
    if (seen.has(id) || stop.has(id)) continue
    seen.add(id)
    for (const edge of links.outgoing.get(id) ?? []) todo.push(edge.to)
  }
  return seen
}

/** Where all paths from each node meet again: its immediate post-dominator, null at the end of the workflow. */
export const meetingPoints = (flow: Pick<Flow, 'nodes' | 'edges'>, links: Links, loops: ReadonlySet<string>): Map<string, string | null> => {
  const order: string[] = []
  const seen = new Set<string>()
  const forward = (id: string): FlowEdge[] => (links.outgoing.get(id) ?? []).filter((edge) => !loops.has(edge.id) && flow.nodes[edge.to])
  for (const root of Object.keys(flow.nodes)) {
    if (seen.has(root)) continue
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }]
    seen.add(root)
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { id: string; next: number }
      const edge = forward(top.id)[top.next]
      if (!edge) {
        order.push(top.id) // what comes later stands earlier in this list
        stack.pop()
        continue
      }
      top.next += 1
      if (!seen.has(edge.to)) {
        seen.add(edge.to)
        stack.push({ id: edge.to, next: 0 })
      }
    }
  }
  const meets = new Map<string, string | null>()
  const depth = new Map<string | null, number>([[null, 0]])
  const common = (one: string | null, other: string | null): string | null => {
    let [a, b] = [one, other]
    while (a !== b) {
      if ((depth.get(a) ?? 0) >= (depth.get(b) ?? 0)) a = a === null ? null : (meets.get(a) ?? null)
      else b = b === null ? null : (meets.get(b) ?? null)
    }
    return a
  }
  for (const id of order) {
    const targets = forward(id).map((edge) => edge.to)
    const [first, ...rest] = targets
    const point = first === undefined ? null : rest.reduce<string | null>(common, first)
    meets.set(id, point)
    depth.set(id, (depth.get(point) ?? 0) + 1)
  }
  return meets
}
