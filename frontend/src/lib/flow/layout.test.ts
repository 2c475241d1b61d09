import { describe, expect, it } from 'vitest'
import { freeLayout, type Layout, treeLayout } from './layout'
import { type Flow, linksOf, loopEdges, meetingPoints } from './model'

const flow = (types: Record<string, string>, edges: [string, string][]): Flow => ({
  key: 'f',
  name: 'f',
  nodes: Object.fromEntries(Object.entries(types).map(([id, type]) => [id, { type }])),
  edges: edges.map(([from, to]) => ({ id: `${from}-${to}`, from, to })),
})

const SPLIT = flow(
  { s: 'start', x: 'exclusive', a: 'approval', b: 'approval', o: 'create_record', z: 'end' },
  [['s', 'x'], ['x', 'a'], ['x', 'b'], ['a', 'o'], ['b', 'o'], ['o', 'z']],
)

const at = (layout: Layout, id: string) => {
  const found = layout.things.find((thing) => thing.id === id)
  if (!found) throw new Error(id)
  return found
}
const centre = (layout: Layout, id: string): number => at(layout, id).x + at(layout, id).width / 2

const overlaps = (layout: Layout): string[] =>
  layout.things.flatMap((one, index) =>
    layout.things
      .slice(index + 1)
      .filter((other) => one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height)
      .map((other) => `${one.id}/${other.id}`),
  )

describe('the vertical tree', () => {
  it('puts branches side by side under their split and what follows below their meeting point', () => {
    const layout = treeLayout(SPLIT)
    expect(layout.tree).toBe(true)
    expect(overlaps(layout)).toEqual([])
    expect(centre(layout, 'a')).toBeLessThan(centre(layout, 'b'))
    expect(centre(layout, 'x')).toBe(centre(layout, 'o'))
    expect(at(layout, 'o').y).toBeGreaterThan(at(layout, 'a').y)
  })

  it('has a card for each branch, and below the meeting point one line that stands for both edges', () => {
    const layout = treeLayout(SPLIT)
    expect(layout.things.filter((thing) => thing.shape === 'branch').map((thing) => thing.edge)).toEqual(['x-a', 'x-b'])
    expect(layout.lines.find((line) => line.to === 'o')?.edges).toEqual(['a-o', 'b-o'])
  })

  it('draws an empty branch from its card straight to the meeting point', () => {
    const layout = treeLayout(flow({ s: 'start', x: 'exclusive', a: 'approval', z: 'end' }, [['s', 'x'], ['x', 'a'], ['x', 'z'], ['a', 'z']]))
    expect(layout.lines.find((line) => line.from === '?x-z')?.to).toBe('+x')
  })

  it('lets a gathering gateway take the branches without a dot of its own', () => {
    const layout = treeLayout(flow({ s: 'start', p: 'parallel', a: 'task', b: 'task', j: 'parallel', z: 'end' }, [['s', 'p'], ['p', 'a'], ['p', 'b'], ['a', 'j'], ['b', 'j'], ['j', 'z']]))
    expect(layout.things.some((thing) => thing.shape === 'merge')).toBe(false)
    expect(layout.lines.filter((line) => line.to === 'j').map((line) => line.from)).toEqual(['a', 'b'])
  })

  it('hides what is folded and says how much that is', () => {
    const layout = treeLayout(SPLIT, new Set(['x']))
    expect(layout.things.map((thing) => thing.id)).toEqual(['s', 'x', 'o', 'z'])
    expect(at(layout, 'x').hidden).toEqual({ branches: 2, nodes: 2 })
  })

  it('falls back to layers where paths cross', () => {
    const crossing = flow({ s: 'start', p: 'parallel', a: 'task', b: 'exclusive', c: 'task', j: 'parallel', z: 'end' }, [['s', 'p'], ['p', 'a'], ['p', 'b'], ['b', 'c'], ['b', 'a'], ['a', 'j'], ['c', 'j'], ['j', 'z']])
    expect(treeLayout(crossing).tree).toBe(false)
    expect(overlaps(treeLayout(crossing))).toEqual([])
  })

  it('shows what no path reaches instead of losing it', () => {
    const layout = treeLayout({ ...SPLIT, nodes: { ...SPLIT.nodes, lost: { type: 'notify' } } })
    expect(at(layout, 'lost').y).toBeGreaterThan(at(layout, 'z').y)
  })

  it('draws a way back as a loop', () => {
    const layout = treeLayout(flow({ s: 'start', a: 'task', x: 'exclusive', z: 'end' }, [['s', 'a'], ['a', 'x'], ['x', 'z'], ['x', 'a']]))
    expect(layout.lines.filter((line) => line.loop).map((line) => line.edges)).toEqual([['x-a']])
  })
})

it('finds loops and meeting points', () => {
  const links = linksOf(SPLIT)
  expect([...loopEdges(SPLIT, links)]).toEqual([])
  expect(meetingPoints(SPLIT, links, new Set()).get('x')).toBe('o')
})

it('keeps what was placed by hand in the free graph', () => {
  const placed: Flow = { ...SPLIT, nodes: { ...SPLIT.nodes, a: { type: 'approval', position: { x: 900, y: 40 } } } }
  expect(at(freeLayout(placed), 'a')).toMatchObject({ x: 900, y: 40 })
})
