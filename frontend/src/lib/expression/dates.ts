/** Dates as days since 1970 and instants as microseconds since 1970, on the clock of a given zone. */
import { InputError, MAX_SPAN } from './tree'
import type { Surroundings } from './tree'

const DAY = 86_400_000_000n
const FIRST = -719_162 // 0001-01-01
const LAST = 2_932_896 // 9999-12-31
const FIRST_MOMENT = BigInt(FIRST + 1) * DAY
const AFTER_LAST_MOMENT = BigInt(LAST) * DAY // 9999-12-31T00:00Z

const utc = (year: number, month: number, day: number): number => {
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(year, month - 1, day)
  return Math.floor(date.getTime() / 86_400_000)
}

export interface Parts {
  year: number
  month: number
  day: number
}

export const parts = (day: number): Parts => {
  const date = new Date(day * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

const lastOfMonth = (year: number, month: number): number => parts(utc(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - 1).day

export const inYears = (day: number): number | null => (day >= FIRST && day <= LAST ? day : null)

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

export const showDay = (day: number): string => {
  const { year, month, day: date } = parts(day)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`
}

export const readDay = (text: string): number => {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const [year, month, day] = found ? found.slice(1).map(Number) : []
  if (!year || !month || !day || month > 12 || day > lastOfMonth(year, month)) throw new InputError(`not a date: ${text}`)
  return utc(year, month, day)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Split whole microseconds into days and the microseconds of the day. */
const split = (micros: bigint): [number, number] => {
  const rest = ((micros % DAY) + DAY) % DAY
  return [Number((micros - rest) / DAY), Number(rest)]
}

/** How far a zone's clock is ahead of UTC at an instant. */
const offset = (micros: bigint, zone: string): bigint => {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    })
    formats.set(zone, format)
  }
  const [day, rest] = split(micros)
  const seconds = day * 86_400 + Math.floor(rest / 1_000_000)
  const found: Record<string, number | string> = {}
  for (const { type, value } of format.formatToParts(seconds * 1000)) found[type] = type === 'era' ? value : Number(value)
  const year = String(found.era).startsWith('B') ? 1 - Number(found.year) : Number(found.year)
  const clock = utc(year, Number(found.month), Number(found.day)) * 86_400 + Number(found.hour) * 3600 + Number(found.minute) * 60 + Number(found.second)
  return BigInt(clock - seconds) * 1_000_000n
}

export const zoneOf = (around: Surroundings): string => around.zone ?? 'Asia/Shanghai'

/** An instant on the zone's clock: microseconds as if the clock were UTC. */
export const local = (micros: bigint, around: Surroundings): bigint => micros + offset(micros, zoneOf(around))

export const dayOf = (micros: bigint, around: Surroundings): number => split(local(micros, around))[0]

export const hourOf = (micros: bigint, around: Surroundings): number => Math.floor(split(local(micros, around))[1] / 3_600_000_000)

/** The instant at which the zone's clock shows *clock*; the first of two, and in a gap by the offset before it. */
export const instant = (clock: bigint, around: Surroundings): bigint => {
  const zone = zoneOf(around)
  const before = offset(clock - DAY, zone)
  const after = offset(clock + DAY, zone)
  if (offset(clock - before, zone) === before) return clock - before
  return offset(clock - after, zone) === after ? clock - after : clock - before
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/

export const readMoment = (text: string, around: Surroundings): bigint => {
  const found = MOMENT.exec(text)
  if (!found) throw new InputError(`not a datetime: ${text}`)
  const [, day = '', hour = '0', minute = '0', second = '0', fraction = '', zone] = found
  const clock = BigInt(readDay(day)) * DAY + BigInt((Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1_000_000 + Number(fraction.padEnd(6, '0')))
  if (!zone) return instant(clock, around)
  if (zone === 'Z') return clock
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return clock - BigInt((zone[0] === '-' ? -1 : 1) * minutes) * 60_000_000n
}

export const showMoment = (micros: bigint): string => {
  const [day, rest] = split(micros)
  const seconds = Math.floor(rest / 1_000_000)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => pad(part, 2)).join(':')
  return `${showDay(day)}T${clock}.${pad(rest - seconds * 1_000_000, 6)}+00:00`
}

export const today = (around: Surroundings): number => dayOf(now(around), around)

export const now = (around: Surroundings): bigint => {
  if (!around.now) throw new InputError('the formula uses the clock: give the evaluation’s time')
  return readMoment(around.now, around)
}

export const makeDate = (year: number, month: number, day: number): number | null => {
  if (![year, month, day].every((part) => part >= 1 && part < 10_000)) return null
  const [y, m, d] = [year, month, day].map(Math.floor) as [number, number, number]
  return m > 12 || d > lastOfMonth(y, m) ? null : utc(y, m, d)
}

export const datePlus = (day: number, days: number): number | null => {
  const moved = day + Math.floor(days)
  return Number.isFinite(moved) ? inYears(moved) : null
}

const kept = (moved: bigint): bigint | null => (moved >= FIRST_MOMENT && moved < AFTER_LAST_MOMENT ? moved : null)

export const timePlus = (micros: bigint, seconds: number): bigint | null => {
  const step = Math.floor(seconds * 1e6 + 0.5)
  return Number.isFinite(step) ? kept(micros + BigInt(step)) : null
}

/** The seconds from *b* to *a*. */
export const timeDifference = (a: bigint, b: bigint): number => Number(a - b) / 1e6

const SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }
const MONTHS: Record<string, number> = { month: 1, quarter: 3, year: 12 }

export const secondsOf = (unit: string): number => SECONDS[unit] as number

const addMonths = (day: number, n: number, months: number): number | null => {
  if (!(Math.abs(n) < 120_000)) return null
  const from = parts(day)
  const total = from.year * 12 + from.month - 1 + Math.floor(n) * months
  const year = Math.floor(total / 12)
  const month = total - year * 12 + 1
  if (year < 1 || year > 9999) return null
  return utc(year, month, Math.min(from.day, lastOfMonth(year, month)))
}

export const timeAdd = (moment: bigint, n: number, unit: string, around: Surroundings): bigint | null => {
  const months = MONTHS[unit]
  if (!months) return timePlus(moment, n * secondsOf(unit))
  const [day, rest] = split(local(moment, around))
  const moved = addMonths(day, n, months)
  if (moved === null || parts(moved).year < 2 || parts(moved).year > 9998) return null
  return kept(instant(BigInt(moved) * DAY + BigInt(rest), around))
}

export const dateAdd = (day: number, n: number, unit: string): number | null => {
  const months = MONTHS[unit]
  return months ? addMonths(day, n, months) : datePlus(day, (n * secondsOf(unit)) / 86_400)
}

export const weekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

export const isWorkday = (day: number, around: Surroundings): boolean => {
  const text = showDay(day)
  const { free = [], worked = [] } = around.holidays ?? {}
  return setOf(worked).has(text) || (!setOf(free).has(text) && weekday(day) < 6)
}

const sets = new WeakMap<string[], Set<string>>()

const setOf = (days: string[]): Set<string> => {
  let found = sets.get(days)
  if (!found) {
    found = new Set(days)
    sets.set(days, found)
  }
  return found
}

export const workday = (day: number, n: number, around: Surroundings): number | null => {
  if (!(Math.abs(n) <= 4000)) return null
  const step = Math.floor(n) > 0 ? 1 : -1
  let left = Math.abs(Math.floor(n))
  let at = day
  for (let index = 0; index < MAX_SPAN && left > 0; index += 1) {
    at += step
    if (inYears(at) === null) return null
    if (isWorkday(at, around)) left -= 1
  }
  return left === 0 ? at : null
}

export const workdays = (start: number, end: number, around: Surroundings): number | null => {
  if (Math.abs(end - start) >= MAX_SPAN) return null
  let count = 0
  for (let day = Math.min(start, end); day <= Math.max(start, end); day += 1) if (isWorkday(day, around)) count += 1
  return start <= end ? count : -count
}

export const daysToPromotion = (key: string, around: Surroundings): number | null => {
  const calendar = around.calendars?.[key]
  if (!calendar) return null
  const day = today(around)
  const waits = (calendar.events ?? [])
    .flatMap((event) => event.phases ?? [event])
    .filter((phase) => phase.from && phase.to && readDay(phase.to.slice(0, 10)) >= day)
    .map((phase) => Math.max(readDay((phase.from as string).slice(0, 10)) - day, 0))
  return waits.length ? Math.min(...waits) : null
}

export const writeDate = (value: number | bigint, pieces: string[], around: Surroundings): string => {
  const [day, rest] = typeof value === 'bigint' ? split(local(value, around)) : [value, 0]
  const seconds = Math.floor(rest / 1_000_000)
  const { year, month, day: date } = parts(day)
  const written: Record<string, string> = {
    yyyy: pad(year, 4), mm: pad(month, 2), m: String(month), dd: pad(date, 2), d: String(date),
    hh: pad(Math.floor(seconds / 3600), 2), mi: pad(Math.floor(seconds / 60) % 60, 2), ss: pad(seconds % 60, 2),
  }
  return pieces.map((piece) => (piece.startsWith('"') ? piece.slice(1) : (written[piece] ?? ''))).join('')
}
