/** Changes to a workflow, each from one definition to the next; the canvas, the keys and the panel all use these. */
import { boundaryOf, type Flow, type FlowEdge, type FlowNode, gathers, hostOf, linksOf, loopEdges, meetingPoints, reach } from '../../../lib/flow/model'
import { tokenise } from '../../../lib/tokens'

export const freshNode = (nodes: Record<string, unknown>, type: string): string => {
  let number = 1
  while (`${type}_${number}` in nodes) number += 1
  return `${type}_${number}`
}

const freshEdge = (edges: readonly FlowEdge[]): string => {
  const taken = new Set(edges.map((edge) => edge.id))
  let number = edges.length + 1
  while (taken.has(`e${number}`)) number += 1
  return `e${number}`
}

const addEdge = (flow: Flow, edge: Omit<FlowEdge, 'id'>, before?: string): Flow => {
  const whole: FlowEdge = { id: freshEdge(flow.edges), ...edge }
  const place = before === undefined ? -1 : flow.edges.findIndex((other) => other.id === before)
  const edges = place < 0 ? [...flow.edges, whole] : [...flow.edges.slice(0, place), whole, ...flow.edges.slice(place)]
  return { ...flow, edges }
}

const meetOf = (flow: Flow, id: string): string | null => {
  const links = linksOf(flow)
  return meetingPoints(flow, links, loopEdges(flow, links)).get(id) ?? null
}

const redirect = (flow: Flow, edgeIds: readonly string[], to: string): Flow => ({ ...flow, edges: flow.edges.map((edge) => (edgeIds.includes(edge.id) ? { ...edge, to } : edge)) })

const without = (flow: Flow, nodes: ReadonlySet<string>): Flow => ({
  ...flow,
  nodes: Object.fromEntries(Object.entries(flow.nodes).filter(([id]) => !nodes.has(id))),
  edges: flow.edges.filter((edge) => !nodes.has(hostOf(edge.from)) && !nodes.has(edge.to)),
})

export interface Words {
  condition: (number: number) => string
  otherwise: string
  branch: (number: number) => string
}

interface Inserted {
  flow: Flow
  node: string
}

/** Where one of several paths arrives: what waits for all of its paths needs a gateway before it that lets each one pass. */
const meetingFor = (flow: Flow, target: string): Inserted => {
  if (!gathers(flow.nodes[target]?.type ?? '')) return { flow, node: target }
  const node = freshNode(flow.nodes, 'exclusive')
  return { flow: addEdge({ ...flow, nodes: { ...flow.nodes, [node]: { type: 'exclusive' } } }, { from: node, to: target }), node }
}

/** Put a node into the lines *edgeIds*, which all lead to the same place; a split gets two branches that meet again. */
export const insertAt = (flow: Flow, edgeIds: readonly string[], type: string, settings: Partial<FlowNode>, words: Words): Inserted => {
  const target = flow.edges.find((edge) => edgeIds.includes(edge.id))?.to
  if (target === undefined) return { flow, node: '' }
  const node = freshNode(flow.nodes, type)
  let next: Flow = { ...flow, nodes: { ...flow.nodes, [node]: { type, ...settings } } }
  const before = edgeIds.length > 1 ? meetingFor(next, node) : { flow: next, node }
  next = redirect(before.flow, edgeIds, before.node)
  if (type === 'end' || type === 'terminate') return { flow: next, node }
  if (type === 'exclusive') {
    const meet = meetingFor(next, target)
    next = addEdge(meet.flow, { from: node, to: meet.node, name: words.condition(1) })
    return { flow: addEdge(next, { from: node, to: meet.node, name: words.otherwise, default: true }), node }
  }
  if (type === 'parallel' || type === 'inclusive') {
    const join = freshNode(next.nodes, type)
    next = { ...next, nodes: { ...next.nodes, [join]: { type } } }
    const name = type === 'parallel' ? words.branch : words.condition
    next = addEdge(next, { from: node, to: join, name: name(1) })
    next = addEdge(next, type === 'parallel' ? { from: node, to: join, name: name(2) } : { from: node, to: join, name: words.otherwise, default: true })
    return { flow: addEdge(next, { from: join, to: target }), node }
  }
  if (type === 'event') {
    const wait = freshNode(next.nodes, 'timer')
    const signal = freshNode(next.nodes, 'signal')
    next = { ...next, nodes: { ...next.nodes, [wait]: { type: 'timer', after: 'P1D' }, [signal]: { type: 'signal', signal: 'stock_in' } } }
    const meet = meetingFor(next, target)
    next = meet.flow
    for (const each of [wait, signal]) next = addEdge(addEdge(next, { from: node, to: each }), { from: each, to: meet.node })
    return { flow: next, node }
  }
  return { flow: addEdge(next, { from: node, to: target }), node }
}

/** Whether the lines may end here: what follows must still be reached some other way. */
export const mayEnd = (flow: Flow, edgeIds: readonly string[]): boolean => {
  const target = flow.edges.find((edge) => edgeIds.includes(edge.id))?.to
  return target !== undefined && flow.edges.some((edge) => edge.to === target && !edgeIds.includes(edge.id))
}

export const addBranch = (flow: Flow, split: string, name: string): { flow: Flow; edge: string } => {
  const meets = meetOf(flow, split)
  const fallback = flow.edges.find((edge) => hostOf(edge.from) === split && edge.default)
  let next = flow
  let target = meets
  if (target === null) {
    target = freshNode(flow.nodes, 'end')
    next = { ...flow, nodes: { ...flow.nodes, [target]: { type: 'end' } } }
  }
  const edge = freshEdge(next.edges)
  return { flow: addEdge(next, { from: split, to: target, name }, fallback?.id), edge }
}

/** What only this branch leads to. */
export const branchNodes = (flow: Flow, edgeId: string): Set<string> => {
  const edge = flow.edges.find((each) => each.id === edgeId)
  if (!edge) return new Set()
  const host = hostOf(edge.from)
  const links = linksOf(flow)
  const meets = meetOf(flow, host)
  const stop = new Set([host, ...(meets === null ? [] : [meets])])
  const mine = reach(links, edge.to, stop)
  for (const other of links.outgoing.get(host) ?? []) {
    if (other.id !== edgeId) for (const id of reach(links, other.to, stop)) mine.delete(id)
  }
  return mine
}

/** A gateway with one way in and one way out says nothing any more. */
const dissolve = (flow: Flow, id: string): Flow => {
  const links = linksOf(flow)
  const [incoming, outgoing] = [links.incoming.get(id) ?? [], links.outgoing.get(id) ?? []]
  const type = flow.nodes[id]?.type ?? ''
  if (!(gathers(type) || type === 'exclusive' || type === 'event') || outgoing.length !== 1 || (gathers(type) && incoming.length > 1)) return flow
  const target = outgoing[0]?.to as string
  return without(redirect(flow, incoming.map((edge) => edge.id), target), new Set([id]))
}

/** Gateways that only let one path pass, before something that no longer waits for all of its paths, go. */
const tidy = (flow: Flow): Flow => {
  const links = linksOf(flow)
  const idle = Object.keys(flow.nodes).find((id) => {
    const [only, ...more] = links.outgoing.get(id) ?? []
    return flow.nodes[id]?.type === 'exclusive' && flow.nodes[id]?.name === undefined && only !== undefined && more.length === 0 && !gathers(flow.nodes[only.to]?.type ?? '')
  })
  return idle === undefined ? flow : tidy(dissolve(flow, idle))
}

export const removeBranch = (flow: Flow, edgeId: string): Flow => {
  const edge = flow.edges.find((each) => each.id === edgeId)
  if (!edge) return flow
  const host = hostOf(edge.from)
  const meets = meetOf(flow, host)
  const late = boundaryOf(edge.from)
  let next = without(flow, branchNodes(flow, edgeId))
  next = { ...next, edges: next.edges.filter((each) => each.id !== edgeId) }
  const node = next.nodes[host]
  if (late !== null && node) next = { ...next, nodes: { ...next.nodes, [host]: { ...node, boundary: node.boundary?.filter((each) => each.id !== late) } } }
  next = dissolve(next, host)
  return tidy(meets === null ? next : dissolve(next, meets))
}

/** Remove a node: what came in goes on to what followed; a split goes with all its branches. */
export const removeNode = (flow: Flow, id: string): Flow => {
  const node = flow.nodes[id]
  if (!node || node.type === 'start') return flow
  const links = linksOf(flow)
  const outgoing = links.outgoing.get(id) ?? []
  const incoming = (links.incoming.get(id) ?? []).map((edge) => edge.id)
  if (outgoing.length === 0) {
    const ends = Object.values(flow.nodes).filter((each) => each.type === 'end' || each.type === 'terminate').length
    return ends < 2 && (node.type === 'end' || node.type === 'terminate') ? flow : without(flow, new Set([id]))
  }
  if (outgoing.length === 1) return tidy(without(redirect(flow, incoming, outgoing[0]?.to as string), new Set([id])))
  const meets = meetOf(flow, id)
  const block = reach(links, id, new Set(meets === null ? [] : [meets]))
  if (meets === null) {
    const end = freshNode(flow.nodes, 'end')
    const kept = redirect({ ...flow, nodes: { ...flow.nodes, [end]: { type: 'end' } } }, incoming, end)
    return without(kept, block)
  }
  return tidy(dissolve(without(redirect(flow, incoming, meets), block), meets))
}

/** Move a branch among its siblings: earlier in the list is asked first. */
export const moveBranch = (flow: Flow, edgeId: string, by: -1 | 1): Flow => {
  const edge = flow.edges.find((each) => each.id === edgeId)
  if (!edge) return flow
  const siblings = flow.edges.filter((each) => hostOf(each.from) === hostOf(edge.from))
  const other = siblings[siblings.indexOf(edge) + by]
  if (!other) return flow
  return { ...flow, edges: flow.edges.map((each) => (each === edge ? other : each === other ? edge : each)) }
}

/** A piece of a workflow that can be put in elsewhere, also into another workflow. */
export interface Fragment {
  entry: string | null
  nodes: Record<string, FlowNode>
  edges: FlowEdge[]
  exits: FlowEdge[]
  branch?: Pick<FlowEdge, 'condition' | 'name' | 'default'>
}

const fragmentOf = (flow: Flow, entry: string | null, ids: ReadonlySet<string>): Fragment => ({
  entry,
  nodes: Object.fromEntries(Object.entries(flow.nodes).filter(([id]) => ids.has(id)).map(([id, node]) => [id, { ...node, position: undefined }])),
  edges: flow.edges.filter((edge) => ids.has(hostOf(edge.from)) && ids.has(edge.to)),
  exits: flow.edges.filter((edge) => ids.has(hostOf(edge.from)) && !ids.has(edge.to)),
})

export const copyBranch = (flow: Flow, edgeId: string): Fragment | null => {
  const edge = flow.edges.find((each) => each.id === edgeId)
  if (!edge) return null
  const ids = branchNodes(flow, edgeId)
  return { ...fragmentOf(flow, ids.has(edge.to) ? edge.to : null, ids), branch: { condition: edge.condition, name: edge.name } }
}

/** Copy a node; of a split the whole block up to where its branches meet, with the gateway that gathers them. */
export const copyNode = (flow: Flow, id: string): Fragment | null => {
  const node = flow.nodes[id]
  if (!node || node.type === 'start' || node.type === 'end' || node.type === 'terminate') return null
  const links = linksOf(flow)
  if ((links.outgoing.get(id)?.length ?? 0) < 2) return fragmentOf(flow, id, new Set([id]))
  const meets = meetOf(flow, id)
  const ids = reach(links, id, new Set(meets === null ? [] : [meets]))
  if (meets !== null && gathers(flow.nodes[meets]?.type ?? '') && flow.nodes[meets]?.type === node.type) ids.add(meets)
  return fragmentOf(flow, id, ids)
}

const renamed = (source: string, names: ReadonlyMap<string, string>): string => {
  let text = ''
  let end = 0
  for (const token of tokenise(source)) {
    if (token.kind !== 'name') continue
    const parts = token.text.split('.').map((part) => names.get(part) ?? part)
    text += source.slice(end, token.start) + parts.join('.')
    end = token.end
  }
  return text + source.slice(end)
}

/** Put a fragment into the lines *edgeIds*, under fresh ids; conditions that name its nodes follow. */
export const pasteAt = (flow: Flow, edgeIds: readonly string[], fragment: Fragment): Inserted => {
  const target = flow.edges.find((edge) => edgeIds.includes(edge.id))?.to
  if (target === undefined || fragment.entry === null) return { flow, node: '' }
  const names = new Map<string, string>()
  const nodes: Record<string, FlowNode> = { ...flow.nodes }
  for (const [id, node] of Object.entries(fragment.nodes)) {
    const fresh = freshNode(nodes, node.type)
    names.set(id, fresh)
    nodes[fresh] = node
  }
  const name = (id: string): string => names.get(id) ?? id
  const from = (text: string): string => (boundaryOf(text) === null ? name(text) : `${name(hostOf(text))}#${boundaryOf(text) ?? ''}`)
  let next = redirect({ ...flow, nodes }, edgeIds, name(fragment.entry))
  for (const edge of [...fragment.edges, ...fragment.exits]) {
    const { id: _, ...copied } = edge
    next = addEdge(next, { ...copied, from: from(edge.from), to: edge.to in fragment.nodes ? name(edge.to) : target, ...(edge.condition === undefined ? {} : { condition: renamed(edge.condition, names) }) })
  }
  return { flow: next, node: name(fragment.entry) }
}

/** Add a copied branch beside the others of *split*. */
export const pasteBranch = (flow: Flow, split: string, fragment: Fragment, name: string): { flow: Flow; edge: string } => {
  const added = addBranch(flow, split, fragment.branch?.name ?? name)
  const condition = fragment.branch?.condition
  const edges = added.flow.edges.map((edge) => (edge.id === added.edge && condition !== undefined ? { ...edge, condition } : edge))
  const next = { ...added.flow, edges }
  return { flow: fragment.entry === null ? next : pasteAt(next, [added.edge], fragment).flow, edge: added.edge }
}

export const changeNode = (flow: Flow, id: string, patch: Partial<FlowNode>): Flow => {
  const node = flow.nodes[id]
  if (!node) return flow
  const merged = Object.fromEntries(Object.entries({ ...node, ...patch }).filter(([, value]) => value !== undefined)) as FlowNode
  return { ...flow, nodes: { ...flow.nodes, [id]: merged } }
}

export const changeEdge = (flow: Flow, id: string, patch: Partial<FlowEdge>): Flow => ({
  ...flow,
  edges: flow.edges.map((edge) => (edge.id === id ? (Object.fromEntries(Object.entries({ ...edge, ...patch }).filter(([, value]) => value !== undefined)) as unknown as FlowEdge) : edge)),
})

/** Only one branch of a split is the one for everything else. */
export const makeDefault = (flow: Flow, id: string): Flow => {
  const host = hostOf(flow.edges.find((edge) => edge.id === id)?.from ?? '')
  return {
    ...flow,
    edges: flow.edges.map((edge) => {
      if (hostOf(edge.from) !== host) return edge
      const { default: _, ...rest } = edge
      if (edge.id !== id) return rest
      const { condition: __, ...plain } = rest
      return { ...plain, default: true }
    }),
  }
}

export const connectNodes = (flow: Flow, from: string, to: string): Flow => {
  const end = flow.nodes[to]
  const begin = flow.nodes[from]
  if (!end || !begin || end.type === 'start' || begin.type === 'end' || begin.type === 'terminate' || from === to) return flow
  if (flow.edges.some((edge) => edge.from === from && edge.to === to)) return flow
  return addEdge(flow, { from, to })
}

export const removeEdge = (flow: Flow, id: string): Flow => ({ ...flow, edges: flow.edges.filter((edge) => edge.id !== id) })

/** What happens when a limit passes: a path of its own that leaves the node at its side. */
export const addLateBranch = (flow: Flow, id: string, after: string, name: string): { flow: Flow; edge: string } => {
  const node = flow.nodes[id]
  const follow = flow.edges.find((edge) => edge.from === id)
  if (!node || !follow) return { flow, edge: '' }
  const taken = new Set(node.boundary?.map((each) => each.id))
  let number = 1
  while (taken.has(`late${number}`)) number += 1
  const late = `late${number}`
  const next = changeNode(flow, id, { boundary: [...(node.boundary ?? []), { id: late, after, interrupting: true }] })
  const edge = freshEdge(next.edges)
  return { flow: addEdge(next, { from: `${id}#${late}`, to: follow.to, name }), edge }
}
