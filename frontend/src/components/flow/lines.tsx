/** The lines between cards, with the + where a step can be put in. */
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { type KeyboardEvent, memo, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Line } from '../../lib/flow/layout'
import { useDesk } from './desk'

export interface LineData extends Record<string, unknown> {
  line: Line
  lit: boolean
  tone?: 'added' | 'removed'
  label?: string
  chosen?: boolean
}

export type LineEdge = Edge<LineData>

const PLUS = 10
const BEND = 22

const treePath = (line: Line, x1: number, y1: number, x2: number, y2: number): [string, number, number] => {
  if (line.loop) {
    const side = Math.max(x1, x2) + 150
    return [`M${x1},${y1} v14 H${side} V${y2 - 16} H${x2} V${y2}`, side, (y1 + y2) / 2]
  }
  if (Math.abs(x1 - x2) < 1) return [`M${x1},${y1} V${y2}`, x1, y1 + Math.min((y2 - y1) / 2, 30)]
  if (line.bend === 'source') return [`M${x1},${y1} v${BEND} H${x2} V${y2}`, x2, (y1 + BEND + y2) / 2]
  return [`M${x1},${y1} V${y2 - BEND} H${x2} V${y2}`, x1, y1 + 30]
}

const Plus = ({ x, y, edges }: { x: number; y: number; edges: string[] }) => {
  const { t } = useTranslation()
  const { editing } = useDesk()
  if (!editing) return null
  const open = (event: MouseEvent | KeyboardEvent): void => {
    event.stopPropagation()
    const box = (event.currentTarget as Element).getBoundingClientRect()
    editing.insert(edges, { x: box.x + box.width / 2, y: box.y + box.height / 2 })
  }
  return (
    <g className="flow-plus nopan" transform={`translate(${x},${y})`} tabIndex={0} role="button" aria-label={t('在这里加一步')} onClick={open} onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); open(event) } }}>
      <circle r={PLUS} />
      <path d="M-4,0 H4 M0,-4 V4" />
    </g>
  )
}

const classOf = (data: LineData): string => ['flow-line', data.line.loop ? 'loop' : '', data.lit ? 'lit' : '', data.tone ?? '', data.chosen ? 'chosen' : ''].filter(Boolean).join(' ')

export const TreeLine = memo(({ id, sourceX, sourceY, targetX, targetY, data }: EdgeProps<LineEdge>) => {
  if (!data) return null
  const [path, x, y] = treePath(data.line, sourceX, sourceY, targetX, targetY)
  return (
    <>
      <BaseEdge id={id} path={path} className={classOf(data)} interactionWidth={0} />
      {data.line.insert ? <Plus x={x} y={y} edges={data.line.edges} /> : null}
    </>
  )
})

export const FreeLine = memo(({ id, sourceX, sourceY, targetX, targetY, data, markerEnd }: EdgeProps<LineEdge>) => {
  if (!data) return null
  const [path, x, y] = getSmoothStepPath({ sourceX, sourceY, targetX, targetY, borderRadius: 10 })
  return (
    <>
      <BaseEdge id={id} path={path} markerEnd={markerEnd} className={classOf(data)} interactionWidth={18} />
      {data.label ? <EdgeLabelRenderer><span className={`flow-label ${data.chosen ? 'chosen' : ''}`} style={{ transform: `translate(-50%,-50%) translate(${x}px,${y - 20}px)` }}>{data.label}</span></EdgeLabelRenderer> : null}
      {data.line.insert ? <Plus x={x} y={y} edges={data.line.edges} /> : null}
    </>
  )
})

export const LINE_VIEWS = { tree: TreeLine, free: FreeLine }
