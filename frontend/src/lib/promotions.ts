/** Promotions on a time axis: the phases of one event that follow each other are one stretch under the event's name. */
import type { Curve } from '../api/types'

export interface Stretch {
  name: string
  from: string
  to: string
}

const eventName = (name: string): string => name.split(/[\s·]/)[0] ?? name
const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** The stretches inside the axis, merged and cut to it. */
export const stretches = (promotions: Curve['promotions'], days: readonly string[]): Stretch[] => {
  const [first, last] = [days[0] ?? '', days.at(-1) ?? '']
  const found: Stretch[] = []
  for (const event of [...promotions].sort((one, other) => one.from.localeCompare(other.from))) {
    if (event.to < first || event.from > last) continue
    const [name, from, to] = [eventName(event.name), event.from < first ? first : event.from, event.to > last ? last : event.to]
    const previous = found.at(-1)
    if (previous && previous.name === name && from <= dayAfter(previous.to)) previous.to = to > previous.to ? to : previous.to
    else found.push({ name, from, to })
  }
  return found
}
