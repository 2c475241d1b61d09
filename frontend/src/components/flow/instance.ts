/** A run of a workflow as marks on its drawing: what is done, what waits for whom since when, what was skipped. */
import type { TFunction } from 'i18next'
import type { Json, TimelineEntry } from '../../api/types'
import { saySpan } from '../../lib/dates'
import type { Flow } from '../../lib/flow/model'
import type { Mark } from './desk'

export interface InstanceSeat {
  id: number
  node: string
  user: string
  name: string
  state: string
  op: string | null
  arrived_at: string
  done_at: string | null
}

export interface InstanceDetail {
  id: string
  title: string
  workflow: { key: string; name: string }
  status: string
  version: number
  initiator: string
  initiator_name: string
  copies?: string[]
  readers?: string[]
  started_at: string
  finished_at: string | null
  incident: { node?: string; message?: string } | null
  variables: Record<string, Json>
  definition: Flow
  active: string[]
  passed?: string[]
  seats: InstanceSeat[]
  timeline: TimelineEntry[]
}

const topOf = (node: string): string => node.split(/[/[]/)[0] ?? node

export const instanceMarks = (instance: InstanceDetail, now: Date, language: 'zh' | 'en', t: TFunction): Map<string, Mark> => {
  const marks = new Map<string, Mark>()
  for (const node of instance.passed ?? []) marks.set(node, { tone: 'done', notes: [] })
  const byNode = new Map<string, InstanceSeat[]>()
  for (const seat of instance.seats) byNode.set(topOf(seat.node), [...(byNode.get(topOf(seat.node)) ?? []), seat])
  for (const [node, seats] of byNode) {
    const open = seats.filter((seat) => seat.state === 'open')
    const first = Math.min(...seats.map((seat) => Date.parse(seat.arrived_at)))
    const last = Math.max(...seats.map((seat) => (seat.done_at ? Date.parse(seat.done_at) : 0)))
    const people = (open.length > 0 ? open : seats.filter((seat) => seat.state === 'done')).map((seat) => seat.name).join('、')
    const span = saySpan(((open.length > 0 ? now.getTime() : last) - first) / 1000, language)
    marks.set(node, { tone: open.length > 0 ? 'active' : 'done', notes: [{ text: open.length > 0 ? t('等{{people}} {{span}}', { people, span }) : people ? `${people} ${span}` : span, tone: open.length > 0 ? 'warning' : 'good' }] })
  }
  for (const node of instance.active) if (!marks.has(node)) marks.set(node, { tone: 'active', notes: [] })
  if (instance.incident?.node) marks.set(instance.incident.node, { tone: 'problem', notes: [{ text: t('受阻'), tone: 'critical' }] })
  return marks
}
