/** The map of flows: warehouses on a ring, as large as their stock; proposals as bands, shipments under way as dashes. */
import { useTranslation } from 'react-i18next'
import { sayNumber } from '../../lib/numbers'
import type { Flows } from './types'

const WIDTH = 640
const HEIGHT = 460

interface Node {
  x: number
  y: number
  r: number
}

const placed = (flows: Flows): Map<string, Node> => {
  const most = Math.max(...flows.warehouses.map((one) => one.on_hand), 1)
  const count = flows.warehouses.length
  return new Map(flows.warehouses.map((one, place) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * place) / count
    return [one.code, { x: WIDTH / 2 + Math.cos(angle) * 205, y: HEIGHT / 2 + 6 + Math.sin(angle) * 150, r: 30 + 22 * Math.sqrt(Math.max(one.on_hand, 0) / most) }]
  }))
}

/** A band that leaves one circle and meets the other, bent to its left, so that there and back do not lie on each other. */
const path = (from: Node, to: Node, bend: number): { d: string; x: number; y: number } => {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / length, dy / length]
  const [mx, my] = [(from.x + to.x) / 2 + uy * bend, (from.y + to.y) / 2 - ux * bend]
  const start = { x: from.x + ux * (from.r + 4) + uy * bend * 0.3, y: from.y + uy * (from.r + 4) - ux * bend * 0.3 }
  const end = { x: to.x - ux * (to.r + 12) + uy * bend * 0.3, y: to.y - uy * (to.r + 12) - ux * bend * 0.3 }
  return { d: `M${start.x} ${start.y}Q${mx} ${my} ${end.x} ${end.y}`, x: (start.x + 2 * mx + end.x) / 4, y: (start.y + 2 * my + end.y) / 4 }
}

export const FlowMap = ({ flows }: { flows: Flows }) => {
  const { t } = useTranslation()
  const nodes = placed(flows)
  const most = Math.max(...flows.lanes.map((lane) => lane.units), ...flows.orders.map((order) => order.units), 1)
  const wide = (units: number): number => 2.5 + 11 * Math.sqrt(units / most)
  const band = (key: string, from: string, to: string, units: number, tone: string) => {
    const [one, other] = [nodes.get(from), nodes.get(to)]
    if (!one || !other) return null
    const line = path(one, other, tone === 'plan' ? 34 : 84)
    return (
      <g key={key} className={`flow ${tone}`}>
        <path d={line.d} strokeWidth={wide(units)} markerEnd={`url(#tip-${tone})`} />
        <text x={line.x} y={line.y + 4} textAnchor="middle">{sayNumber(units)}</text>
      </g>
    )
  }
  return (
    <figure className="flow-map">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('仓与仓之间的调拨')}>
        <defs>{['plan', 'way', 'draft'].map((tone) => <marker key={tone} id={`tip-${tone}`} className={`tip ${tone}`} viewBox="0 0 10 10" refX="3" refY="5" markerWidth="14" markerHeight="14" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" /></marker>)}</defs>
        {flows.lanes.map((lane) => band(`${lane.from}-${lane.to}`, lane.from, lane.to, lane.units, 'plan'))}
        {flows.orders.map((order) => band(order.code, order.from, order.to, order.units, order.status === 'sent' ? 'way' : 'draft'))}
        {flows.warehouses.map((one) => {
          const node = nodes.get(one.code) as Node
          return (
            <g key={one.code} className="flow-node">
              <circle cx={node.x} cy={node.y} r={node.r} />
              <text x={node.x} y={node.y - 2} textAnchor="middle" className="flow-name">{one.name}</text>
              <text x={node.x} y={node.y + 16} textAnchor="middle">{sayNumber(one.on_hand)}</text>
            </g>
          )
        })}
      </svg>
      <figcaption className="faint"><i className="key plan" /> {t('建议')} <i className="key draft" /> {t('草稿')} <i className="key way" /> {t('在途')} · {t('圆越大库存越多，线越粗件数越多')}</figcaption>
    </figure>
  )
}
