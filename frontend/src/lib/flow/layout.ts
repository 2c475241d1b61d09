/** Where everything stands: the vertical tree with a card for each branch, and dagre for graphs that are no tree. */
import { graphlib, layout as dagre } from '@dagrejs/dagre'
import { type Flow, type FlowEdge, gathers, hostOf, isGateway, type Links, linksOf, loopEdges, meetingPoints, reach, startOf } from './model'

export type Shape = 'card' | 'gateway' | 'pill' | 'branch' | 'merge' | 'folded'

/** One thing on the canvas; `node` or `edge` says which part of the workflow it stands for. */
export interface Placed {
  id: string
  shape: Shape
  x: number
  y: number
  width: number
  height: number
  node?: string
  edge?: string
  /** Of a branch: its place among its siblings; of a fold: what it hides. */
  order?: number
  siblings?: number
  hidden?: { branches: number; nodes: number }
}

/** A line between two things; `edges` are the workflow's edges it stands for, where something can be inserted. */
export interface Line {
  id: string
  from: string
  to: string
  edges: string[]
  insert: boolean
  bend: 'source' | 'target' | 'none'
  loop?: boolean
}

export interface Layout {
  things: Placed[]
  lines: Line[]
  width: number
  height: number
  tree: boolean
}

export const SIZES: Record<Shape, [number, number]> = { card: [232, 76], gateway: [172, 32], pill: [112, 34], branch: [216, 62], merge: [10, 10], folded: [232, 44] }
const GAP = { x: 28, y: 60, near: 26 }

export const shapeOf = (type: string): Shape => (type === 'start' || type === 'end' || type === 'terminate' ? 'pill' : isGateway(type) ? 'gateway' : 'card')

interface Item {
  node: string
  branches: { edge: FlowEdge; chain: Item[] }[]
  meets: string | null
}

class NoTree extends Error {}

interface Drawing {
  flow: Flow
  links: Links
  loops: Set<string>
  meets: Map<string, string | null>
  folded: ReadonlySet<string>
  things: Placed[]
  lines: Line[]
}

const chainFrom = (drawing: Drawing, from: string | undefined, stop: string | null, seen: Set<string>): Item[] => {
  const chain: Item[] = []
  let id: string | null | undefined = from
  while (id !== undefined && id !== null && id !== stop) {
    if (seen.has(id) || !drawing.flow.nodes[id]) throw new NoTree(id)
    seen.add(id)
    const edges: FlowEdge[] = (drawing.links.outgoing.get(id) ?? []).filter((edge) => !drawing.loops.has(edge.id))
    if (edges.length < 2) {
      chain.push({ node: id, branches: [], meets: null })
      id = edges[0]?.to
      continue
    }
    const meets: string | null = drawing.meets.get(id) ?? null
    chain.push({ node: id, branches: edges.map((edge) => ({ edge, chain: chainFrom(drawing, edge.to, meets, seen) })), meets })
    id = meets
  }
  return chain
}

const sizeOf = (drawing: Drawing, node: string): [number, number] => SIZES[drawing.folded.has(node) ? 'folded' : shapeOf(drawing.flow.nodes[node]?.type ?? '')]

const isOpen = (drawing: Drawing, item: Item): boolean => item.branches.length > 0 && !drawing.folded.has(item.node)

const branchWidth = (drawing: Drawing, chain: Item[]): number => Math.max(SIZES.branch[0], chainWidth(drawing, chain))

const itemWidth = (drawing: Drawing, item: Item): number => {
  const [own] = sizeOf(drawing, item.node)
  if (!isOpen(drawing, item)) return own
  return Math.max(own, item.branches.reduce((sum, branch) => sum + branchWidth(drawing, branch.chain) + GAP.x, -GAP.x))
}

const widths = new WeakMap<Item[], number>()
const chainWidth = (drawing: Drawing, chain: Item[]): number => {
  const known = widths.get(chain)
  if (known !== undefined) return known
  const width = chain.reduce((most, item) => Math.max(most, itemWidth(drawing, item)), 0)
  widths.set(chain, width)
  return width
}

interface Tail {
  from: string
  edges: string[]
  x: number
  insert: boolean
}

const connect = (drawing: Drawing, tails: readonly Tail[], to: string): void => {
  const bend = tails.length > 1 ? 'target' : 'none'
  for (const tail of tails) drawing.lines.push({ id: `${tail.from}>${to}`, from: tail.from, to, edges: tail.edges, insert: tail.insert, bend })
}

const placeNode = (drawing: Drawing, item: Item, x: number, y: number): [number, number] => {
  const [width, height] = sizeOf(drawing, item.node)
  const shape = drawing.folded.has(item.node) && item.branches.length > 0 ? 'folded' : shapeOf(drawing.flow.nodes[item.node]?.type ?? '')
  const thing: Placed = { id: item.node, shape, node: item.node, x: x - width / 2, y, width, height }
  if (shape === 'folded') {
    const inside = reach(drawing.links, item.node, new Set(item.meets === null ? [] : [item.meets]))
    thing.hidden = { branches: item.branches.length, nodes: inside.size - 1 }
  }
  drawing.things.push(thing)
  return [width, height]
}

/** Place the branches below a split; return the open ends and how far down they reach. */
const placeBranches = (drawing: Drawing, item: Item, x: number, y: number): { tails: Tail[]; bottom: number } => {
  const total = item.branches.reduce((sum, branch) => sum + branchWidth(drawing, branch.chain) + GAP.x, -GAP.x)
  let left = x - total / 2
  let bottom = y
  const tails: Tail[] = []
  item.branches.forEach(({ edge, chain }, order) => {
    const width = branchWidth(drawing, chain)
    const centre = left + width / 2
    const [cardWidth, cardHeight] = SIZES.branch
    const id = `?${edge.id}`
    drawing.things.push({ id, shape: 'branch', edge: edge.id, x: centre - cardWidth / 2, y, width: cardWidth, height: cardHeight, order, siblings: item.branches.length })
    drawing.lines.push({ id: `${item.node}>${id}`, from: item.node, to: id, edges: [edge.id], insert: false, bend: 'source' })
    const inner = placeChain(drawing, chain, centre, y + cardHeight + GAP.y, [{ from: id, edges: [edge.id], x: centre, insert: true }])
    tails.push(...inner.tails)
    bottom = Math.max(bottom, chain.length === 0 ? y + cardHeight : inner.bottom)
    left += width + GAP.x
  })
  return { tails, bottom }
}

/** Several open ends become one at a dot, unless what follows gathers them itself. */
const merged = (drawing: Drawing, item: Item, ends: { tails: Tail[]; bottom: number }, x: number, last: boolean): { tails: Tail[]; bottom: number } => {
  const target = item.meets === null ? undefined : drawing.flow.nodes[item.meets]
  const meeting = target && (gathers(target.type) || (target.type === 'exclusive' && (drawing.links.outgoing.get(item.meets ?? '')?.length ?? 0) === 1))
  if (ends.tails.length < 2 || (!last && meeting)) return { tails: ends.tails, bottom: ends.bottom }
  const [width, height] = SIZES.merge
  const y = ends.bottom + GAP.y
  const id = `+${item.node}`
  drawing.things.push({ id, shape: 'merge', x: x - width / 2, y, width, height })
  connect(drawing, ends.tails, id)
  return { tails: [{ from: id, edges: ends.tails.flatMap((tail) => tail.edges), x, insert: true }], bottom: y + height - GAP.near }
}

const placeChain = (drawing: Drawing, chain: Item[], x: number, top: number, before: Tail[]): { tails: Tail[]; bottom: number } => {
  let tails = before
  let y = top
  let bottom = top
  for (const [index, item] of chain.entries()) {
    const [, height] = placeNode(drawing, item, x, y)
    connect(drawing, tails, item.node)
    bottom = y + height
    const next = drawing.links.outgoing.get(item.node)?.filter((edge) => !drawing.loops.has(edge.id)) ?? []
    if (isOpen(drawing, item)) {
      const ends = placeBranches(drawing, item, x, bottom + GAP.near + 14)
      const joined = merged(drawing, item, ends, x, index === chain.length - 1)
      tails = joined.tails
      bottom = joined.bottom
    } else if (item.branches.length > 0) tails = item.meets === null ? [] : [{ from: item.node, edges: (drawing.links.incoming.get(item.meets) ?? []).map((edge) => edge.id), x, insert: false }]
    else tails = next.map((edge) => ({ from: item.node, edges: [edge.id], x, insert: true }))
    y = bottom + GAP.y
  }
  return { tails, bottom }
}

const finished = (drawing: Drawing, tree: boolean): Layout => {
  const left = Math.min(0, ...drawing.things.map((thing) => thing.x))
  for (const thing of drawing.things) thing.x -= left
  const width = Math.max(0, ...drawing.things.map((thing) => thing.x + thing.width))
  const height = Math.max(0, ...drawing.things.map((thing) => thing.y + thing.height))
  const known = new Set(drawing.things.map((thing) => thing.id))
  for (const edge of drawing.flow.edges) {
    if (!drawing.loops.has(edge.id) || !known.has(hostOf(edge.from)) || !known.has(edge.to)) continue
    drawing.lines.push({ id: `loop:${edge.id}`, from: hostOf(edge.from), to: edge.to, edges: [edge.id], insert: true, bend: 'none', loop: true })
  }
  return { things: drawing.things, lines: drawing.lines, width, height, tree }
}

/** Nodes that no path from the start reaches stand below the tree, so that they can be seen and removed. */
const strays = (drawing: Drawing, seen: ReadonlySet<string>): void => {
  const bottom = Math.max(0, ...drawing.things.map((thing) => thing.y + thing.height))
  let x = 0
  for (const [id, node] of Object.entries(drawing.flow.nodes)) {
    if (seen.has(id)) continue
    const shape = shapeOf(node.type)
    const [width, height] = SIZES[shape]
    drawing.things.push({ id, shape, node: id, x, y: bottom + GAP.y * 2, width, height })
    x += width + GAP.x
  }
  for (const edge of drawing.flow.edges) {
    if (!seen.has(hostOf(edge.from)) && drawing.flow.nodes[edge.to]) drawing.lines.push({ id: `stray:${edge.id}`, from: hostOf(edge.from), to: edge.to, edges: [edge.id], insert: false, bend: 'none' })
  }
}

const begin = (flow: Flow, folded: ReadonlySet<string>): Drawing => {
  const links = linksOf(flow)
  const loops = loopEdges(flow, links)
  return { flow, links, loops, meets: meetingPoints(flow, links, loops), folded, things: [], lines: [] }
}

/** The vertical tree; where the graph is none (paths cross), dagre's layers with the same cards. */
export const treeLayout = (flow: Flow, folded: ReadonlySet<string> = new Set()): Layout => {
  const drawing = begin(flow, folded)
  const seen = new Set<string>()
  try {
    const chain = chainFrom(drawing, startOf(flow), null, seen)
    placeChain(drawing, chain, chainWidth(drawing, chain) / 2, 0, [])
  } catch (error) {
    if (!(error instanceof NoTree)) throw error
    return layered(flow)
  }
  strays(drawing, seen)
  return finished(drawing, true)
}

/** Which nodes have branches that can be folded away. */
export const foldable = (flow: Flow): Set<string> => {
  const links = linksOf(flow)
  return new Set(Object.keys(flow.nodes).filter((id) => (links.outgoing.get(id)?.length ?? 0) > 1))
}

const layered = (flow: Flow): Layout => {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: GAP.x, ranksep: GAP.y })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const [id, node] of Object.entries(flow.nodes)) {
    const [width, height] = SIZES[shapeOf(node.type)]
    graph.setNode(id, { width, height })
  }
  for (const edge of flow.edges) if (flow.nodes[edge.to] && flow.nodes[hostOf(edge.from)]) graph.setEdge(hostOf(edge.from), edge.to)
  dagre(graph)
  const things = Object.keys(flow.nodes).map((id): Placed => {
    const at = graph.node(id)
    return { id, node: id, shape: shapeOf(flow.nodes[id]?.type ?? ''), x: (at.x ?? 0) - at.width / 2, y: (at.y ?? 0) - at.height / 2, width: at.width, height: at.height }
  })
  return withEdges(flow, things)
}

const withEdges = (flow: Flow, things: Placed[]): Layout => {
  const lines = flow.edges.filter((edge) => flow.nodes[edge.to] && flow.nodes[hostOf(edge.from)]).map((edge): Line => ({ id: edge.id, from: hostOf(edge.from), to: edge.to, edges: [edge.id], insert: true, bend: 'none' }))
  const width = Math.max(0, ...things.map((thing) => thing.x + thing.width))
  const height = Math.max(0, ...things.map((thing) => thing.y + thing.height))
  return { things, lines, width, height, tree: false }
}

/** The free graph: what was placed by hand stays, the rest stands where the layers put it. */
export const freeLayout = (flow: Flow): Layout => {
  const placed = Object.values(flow.nodes).every((node) => node.position)
  const automatic = placed ? null : layered(flow)
  const things = Object.entries(flow.nodes).map(([id, node], index): Placed => {
    const shape = shapeOf(node.type)
    const [width, height] = SIZES[shape]
    const at = node.position ?? automatic?.things[index] ?? { x: 0, y: 0 }
    return { id, node: id, shape, x: at.x, y: at.y, width, height }
  })
  return withEdges(flow, things)
}
