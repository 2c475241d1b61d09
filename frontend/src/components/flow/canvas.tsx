/** A workflow drawn: the vertical tree, or the free graph of the same model; the same canvas for editing and for looking on. */
import { Background, BackgroundVariant, type Connection, MarkerType, MiniMap, ReactFlow, type ReactFlowInstance } from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { foldable as foldableNodes, freeLayout, type Layout, type Placed, treeLayout } from '../../lib/flow/layout'
import { boundaryOf, hostOf } from '../../lib/flow/model'
import { sayBranch } from '../../lib/flow/words'
import { NODE_VIEWS, type Thing } from './cards'
import { type Chosen, type Desk, DeskProvider, type Mark } from './desk'
import './flow.css'
import { LINE_VIEWS, type LineEdge } from './lines'
import { Zoom } from './zoom'

export type View = 'tree' | 'free'

interface Props {
  desk: Desk
  view: View
  folded: ReadonlySet<string>
  chosen: Chosen
  marks?: ReadonlyMap<string, Mark>
  lit?: ReadonlySet<string>
  edgeTones?: ReadonlyMap<string, 'added' | 'removed'>
  focus?: { id: string; turn: number } | null
  map?: boolean
  children?: ReactNode
}

const NO_MARKS: ReadonlyMap<string, Mark> = new Map()
const NO_EDGES: ReadonlySet<string> = new Set()
const NO_TONES: ReadonlyMap<string, 'added' | 'removed'> = new Map()
const MOST_ZOOM = 1.6
const LEAST_ZOOM = 0.05

const portsOf = ({ width, height }: Placed): Thing['handles'] => [
  { type: 'target', position: 'top' as never, x: width / 2, y: 0, width: 0, height: 0 },
  { type: 'source', position: 'bottom' as never, x: width / 2, y: height, width: 0, height: 0 },
]

const isChosen = (chosen: Chosen, thing: Placed): boolean => chosen !== null && (chosen.kind === 'node' ? thing.node === chosen.id : thing.edge === chosen.id)

const useThings = (layout: Layout, { desk, view, chosen, marks = NO_MARKS }: Pick<Props, 'desk' | 'view' | 'chosen' | 'marks'>): Thing[] => {
  const foldable = useMemo(() => foldableNodes(desk.flow), [desk.flow])
  return useMemo(() => {
    const edges = new Map(desk.flow.edges.map((edge) => [edge.id, edge]))
    return layout.things.map((thing): Thing => {
      const edge = thing.edge === undefined ? undefined : edges.get(thing.edge)
      return {
        id: thing.id,
        type: thing.shape,
        position: { x: thing.x, y: thing.y },
        width: thing.width,
        height: thing.height,
        handles: portsOf(thing),
        draggable: view === 'free' && desk.editing !== undefined,
        selectable: false,
        focusable: false,
        data: {
          thing,
          node: thing.node === undefined ? undefined : desk.flow.nodes[thing.node],
          edge,
          host: edge ? desk.flow.nodes[hostOf(edge.from)] : undefined,
          mark: marks.get(thing.node ?? (edge ? `?${edge.id}` : '')),
          chosen: isChosen(chosen, thing),
          foldable: view === 'tree' && thing.node !== undefined && foldable.has(thing.node),
          free: view === 'free' && desk.editing !== undefined,
        },
      }
    })
  }, [layout, desk, view, chosen, marks, foldable])
}

const useLines = (layout: Layout, { desk, view, chosen, lit = NO_EDGES, edgeTones = NO_TONES }: Pick<Props, 'desk' | 'view' | 'chosen' | 'lit' | 'edgeTones'>): LineEdge[] => {
  const { t } = useTranslation()
  return useMemo(() => {
    const edges = new Map(desk.flow.edges.map((edge) => [edge.id, edge]))
    return layout.lines.map((line): LineEdge => {
      const [first = ''] = line.edges
      const edge = edges.get(first)
      const says = view === 'free' && edge && (edge.condition || edge.default || edge.name || boundaryOf(edge.from) !== null)
      return {
        id: line.id,
        source: line.from,
        target: line.to,
        type: view === 'tree' && layout.tree ? 'tree' : 'free',
        markerEnd: layout.tree ? undefined : { type: MarkerType.ArrowClosed, color: 'var(--flow-line)' },
        focusable: false,
        selectable: false,
        data: {
          line,
          lit: line.edges.some((id) => lit.has(id)),
          tone: edgeTones.get(first),
          chosen: chosen?.kind === 'edge' && line.edges.includes(chosen.id),
          label: says ? edge.name || sayBranch(edge, desk.flow.nodes[hostOf(edge.from)], t, desk.names) : undefined,
        },
      }
    })
  }, [layout, desk, view, chosen, lit, edgeTones, t])
}

/** Begin at the start, as large as reads well; a small workflow is shown whole. */
const firstView = (layout: Layout, width: number, height: number): { x: number; y: number; zoom: number } => {
  const whole = Math.min((width - 64) / Math.max(1, layout.width), (height - 128) / Math.max(1, layout.height))
  const across = (width - 64) / Math.max(1, layout.width)
  const zoom = whole >= 0.7 ? Math.min(1, whole) : Math.max(0.55, Math.min(1, across))
  const [start] = layout.things
  const centre = start ? start.x + start.width / 2 : layout.width / 2
  const fits = layout.width * zoom <= width - 32
  return { x: fits ? (width - layout.width * zoom) / 2 : width / 2 - centre * zoom, y: 64, zoom }
}

export const FlowCanvas = (props: Props) => {
  const { desk, view, folded, focus, map = false, children } = props
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const [canvas, setCanvas] = useState<ReactFlowInstance<Thing, LineEdge> | null>(null)
  const layout = useMemo(() => (view === 'tree' ? treeLayout(desk.flow, folded) : freeLayout(desk.flow)), [desk.flow, view, folded])
  const computed = useThings(layout, props)
  const [dragged, setDragged] = useState<{ things: Thing[]; from: Thing[] } | null>(null)
  const things = dragged?.from === computed ? dragged.things : computed
  const lines = useLines(layout, props)
  const opened = useRef('')
  useEffect(() => {
    const size = box.current?.getBoundingClientRect()
    const key = `${desk.flow.key}:${view}`
    if (!canvas || !size || opened.current === key) return
    opened.current = key
    void canvas.setViewport(firstView(layout, size.width, size.height))
  }, [canvas, desk.flow.key, view, layout])
  useEffect(() => {
    const thing = focus ? layout.things.find((each) => each.node === focus.id || each.edge === focus.id) : undefined
    if (!canvas || !thing) return
    void canvas.setCenter(thing.x + thing.width / 2, thing.y + thing.height / 2, { zoom: Math.max(0.8, Math.min(1, canvas.getZoom())), duration: 250 })
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- jumps once a request, not whenever the layout changes
  }, [canvas, focus])
  const pickThing = useCallback((_event: unknown, thing: Thing): void => {
    const { node, edge } = thing.data.thing
    if (node !== undefined) desk.select({ kind: 'node', id: node })
    else if (edge !== undefined) desk.select({ kind: 'edge', id: edge })
  }, [desk])
  const pickLine = useCallback((_event: unknown, line: LineEdge): void => {
    const [first] = line.data?.line.edges ?? []
    if (view === 'free' && first !== undefined) desk.select({ kind: 'edge', id: first })
  }, [desk, view])
  const connect = useCallback(({ source, target }: Connection): void => desk.editing?.connect(source, target), [desk])
  const drop = useCallback((): void => {
    if (!canvas) return
    desk.editing?.place(Object.fromEntries(canvas.getNodes().map((thing) => [thing.id, { x: Math.round(thing.position.x), y: Math.round(thing.position.y) }])))
  }, [canvas, desk])
  return (
    <DeskProvider value={desk}>
      <div ref={box} className="flow-canvas" role="group" aria-label={t('流程图')}>
        <ReactFlow<Thing, LineEdge>
          nodes={things}
          edges={lines}
          nodeTypes={NODE_VIEWS}
          edgeTypes={LINE_VIEWS}
          onInit={setCanvas}
          onNodeClick={pickThing}
          onEdgeClick={pickLine}
          onPaneClick={() => desk.select(null)}
          onConnect={connect}
          onNodesChange={(changes) => {
            if (view !== 'free') return
            const moved = new Map(changes.flatMap((change) => (change.type === 'position' && change.position ? [[change.id, change.position] as const] : [])))
            if (moved.size > 0) setDragged({ from: computed, things: things.map((thing) => ({ ...thing, position: moved.get(thing.id) ?? thing.position })) })
          }}
          onNodeDragStop={drop}
          nodesConnectable={view === 'free' && desk.editing !== undefined}
          nodesDraggable={view === 'free' && desk.editing !== undefined}
          elementsSelectable={false}
          deleteKeyCode={null}
          disableKeyboardA11y
          onlyRenderVisibleElements
          panOnScroll
          zoomOnDoubleClick={false}
          minZoom={LEAST_ZOOM}
          maxZoom={MOST_ZOOM}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line)" />
          {map ? <MiniMap pannable zoomable ariaLabel={t('小地图')} className="flow-map" nodeColor="var(--flow-map)" maskColor="var(--flow-mask)" /> : null}
          <Zoom layout={layout} />
          {children}
        </ReactFlow>
      </div>
    </DeskProvider>
  )
}
