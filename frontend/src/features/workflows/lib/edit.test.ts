import { describe, expect, it } from 'vitest'
import type { Flow } from '../../../lib/flow/model'
import { treeLayout } from '../../../lib/flow/layout'
import { addBranch, addLateBranch, branchNodes, connectNodes, copyBranch, copyNode, insertAt, makeDefault, mayEnd, moveBranch, pasteAt, pasteBranch, removeBranch, removeNode } from './edit'

const WORDS = { condition: (n: number) => `条件 ${n}`, otherwise: '其他情况', branch: (n: number) => `分支 ${n}` }

const LINE: Flow = {
  key: 'f',
  name: 'f',
  nodes: { s: { type: 'start' }, a: { type: 'approval', approvers: ['role:buyer'] }, z: { type: 'end' } },
  edges: [{ id: 'e1', from: 's', to: 'a' }, { id: 'e2', from: 'a', to: 'z' }],
}

const drawn = (flow: Flow): string[] => flow.edges.map((edge) => `${edge.from}>${edge.to}`).toSorted()

describe('inserting', () => {
  it('puts a step between two others', () => {
    const { flow, node } = insertAt(LINE, ['e1'], 'cc', { to: ['role:buyer'] }, WORDS)
    expect(drawn(flow)).toEqual(['a>z', `${node}>a`, `s>${node}`].toSorted())
  })

  it('starts a condition with two branches, the second for everything else', () => {
    const { flow, node } = insertAt(LINE, ['e2'], 'exclusive', {}, WORDS)
    const branches = flow.edges.filter((edge) => edge.from === node)
    expect(branches.map((edge) => [edge.name, edge.default ?? false, edge.to])).toEqual([['条件 1', false, 'z'], ['其他情况', true, 'z']])
  })

  it('starts parallel work with the gateway that waits for it', () => {
    const { flow } = insertAt(LINE, ['e1'], 'parallel', {}, WORDS)
    expect(drawn(flow)).toEqual(['a>z', 'parallel_1>parallel_2', 'parallel_1>parallel_2', 'parallel_2>a', 's>parallel_1'])
  })

  it('lets the branches of a condition pass one by one to what waits for all of its paths', () => {
    const parallel = insertAt(LINE, ['e1'], 'parallel', {}, WORDS)
    const { flow } = insertAt(parallel.flow, ['e1'], 'exclusive', {}, WORDS)
    expect(drawn(flow).filter((line) => line.endsWith('>parallel_1'))).toEqual(['exclusive_2>parallel_1'])
    expect(treeLayout(flow).tree).toBe(true)
  })

  it('lets the branches of a condition meet before parallel work that follows them, and tidies up after it', () => {
    const choice = insertAt(LINE, ['e2'], 'exclusive', {}, WORDS)
    const below = treeLayout(choice.flow).lines.find((line) => line.to === 'z')?.edges ?? []
    const { flow, node } = insertAt(choice.flow, below, 'parallel', {}, WORDS)
    expect(drawn(flow).filter((line) => line.endsWith(`>${node}`))).toEqual([`exclusive_2>${node}`])
    expect(drawn(removeNode(flow, node))).toEqual(drawn(choice.flow))
  })

  it('goes below the meeting point of branches when all their ends are named', () => {
    const { flow, node } = insertAt(LINE, ['e2'], 'exclusive', {}, WORDS)
    const below = treeLayout(flow).lines.find((line) => line.to === 'z')?.edges ?? []
    const more = insertAt(flow, below, 'notify', {}, WORDS)
    expect(drawn(more.flow).filter((line) => line.startsWith(node))).toEqual([`${node}>notify_1`, `${node}>notify_1`])
  })

  it('lets a path end only where the rest is still reached', () => {
    const { flow, node } = insertAt(LINE, ['e1'], 'exclusive', {}, WORDS)
    const first = flow.edges.find((edge) => edge.from === node)?.id ?? ''
    expect([mayEnd(LINE, ['e1']), mayEnd(flow, [first])]).toEqual([false, true])
  })
})

describe('branches', () => {
  const split = insertAt(LINE, ['e2'], 'exclusive', {}, WORDS)
  const [first, last] = split.flow.edges.filter((edge) => edge.from === split.node)
  const filled = insertAt(split.flow, [first?.id ?? ''], 'approval', { approvers: ['superior'] }, WORDS)

  it('adds one before the branch for everything else', () => {
    const { flow } = addBranch(filled.flow, split.node, '条件 2')
    expect(flow.edges.filter((edge) => edge.from === split.node).map((edge) => edge.name)).toEqual(['条件 1', '条件 2', '其他情况'])
  })

  it('knows what only one of them leads to', () => {
    expect([...branchNodes(filled.flow, first?.id ?? '')]).toEqual([filled.node])
  })

  it('removes one with its steps, and the split when one is left', () => {
    expect(drawn(removeBranch(filled.flow, first?.id ?? ''))).toEqual(drawn(LINE))
  })

  it('changes who is asked first', () => {
    const moved = moveBranch(filled.flow, last?.id ?? '', -1)
    expect(moved.edges.filter((edge) => edge.from === split.node).map((edge) => edge.id)).toEqual([last?.id, first?.id])
  })

  it('copies one beside the others, with its condition and under new ids', () => {
    const conditioned = { ...filled.flow, edges: filled.flow.edges.map((edge) => (edge.id === first?.id ? { ...edge, condition: 'quantity > 10' } : edge)) }
    const fragment = copyBranch(conditioned, first?.id ?? '')
    const { flow, edge } = pasteBranch(conditioned, split.node, fragment ?? { entry: null, nodes: {}, edges: [], exits: [] }, '条件 2')
    expect(flow.edges.find((each) => each.id === edge)).toMatchObject({ condition: 'quantity > 10', name: '条件 1' })
    expect(Object.values(flow.nodes).filter((node) => node.type === 'approval').length).toBe(3)
    expect(treeLayout(flow).tree).toBe(true)
  })

  it('has one branch for everything else at most', () => {
    const next = makeDefault(filled.flow, first?.id ?? '')
    expect(next.edges.filter((edge) => edge.default).map((edge) => edge.id)).toEqual([first?.id])
  })
})

describe('removing', () => {
  it('lets what came in go on to what followed', () => {
    expect(drawn(removeNode(LINE, 'a'))).toEqual(['s>z'])
  })

  it('takes a split away with everything up to where its branches meet', () => {
    const { flow, node } = insertAt(LINE, ['e1'], 'parallel', {}, WORDS)
    expect(drawn(removeNode(flow, node))).toEqual(drawn(LINE))
  })

  it('keeps the start and the last end', () => {
    expect(drawn(removeNode(removeNode(LINE, 's'), 'z'))).toEqual(drawn(LINE))
  })
})

it('copies a whole block and lets its conditions follow the new names', () => {
  const judged: Flow = {
    ...LINE,
    nodes: { ...LINE.nodes, x: { type: 'exclusive' }, b: { type: 'approval', approvers: ['superior'] } },
    edges: [{ id: 'e1', from: 's', to: 'a' }, { id: 'e2', from: 'a', to: 'x' }, { id: 'e3', from: 'x', to: 'b', condition: "b == 'pass'" }, { id: 'e4', from: 'x', to: 'z', default: true }, { id: 'e5', from: 'b', to: 'z' }],
  }
  const fragment = copyNode(judged, 'x')
  const { flow } = pasteAt(judged, ['e1'], fragment ?? { entry: null, nodes: {}, edges: [], exits: [] })
  expect(flow.edges.map((edge) => edge.condition).filter(Boolean)).toEqual(["b == 'pass'", "approval_1 == 'pass'"])
  expect(treeLayout(flow).tree).toBe(true)
})

it('connects by hand once, never into the start or out of an end', () => {
  expect(connectNodes(connectNodes(connectNodes(LINE, 's', 'z'), 's', 'z'), 'z', 's').edges.length).toBe(3)
})

it('adds a path for when time is up', () => {
  const { flow } = addLateBranch(LINE, 'a', 'PT4H', '超时')
  expect(flow.nodes.a?.boundary).toEqual([{ id: 'late1', after: 'PT4H', interrupting: true }])
  expect(drawn(flow)).toContain('a#late1>z')
})
