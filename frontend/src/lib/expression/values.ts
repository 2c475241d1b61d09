/** Values on their way in and out of a formula: JSON data of exact types, or an error. */
import { readDay, readMoment, showDay, showMoment } from './dates'
import { InputError, MAX_LIST } from './tree'
import type { Row, Surroundings, TreeNode, Value } from './tree'

export const itemType = (type: string): string => type.slice(5, -1)

export const isList = (type: string): boolean => type.startsWith('list[')

const DURATION = /^(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

const readDuration = (text: string): number => {
  const found = DURATION.exec(text)
  if (!found || /[PT]$/.test(text)) throw new InputError(`not a duration: ${text}`)
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(2).map((part) => Number(part ?? 0))
  const total = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
  return found[1] ? -total : total
}

/** Read one raw value as a type of the language. */
export const read = (raw: unknown, type: string, around: Surroundings): Value => {
  if (raw === null || raw === undefined) return null
  if (isList(type)) {
    if (!Array.isArray(raw)) throw new InputError('a list is needed')
    if (raw.length > MAX_LIST) throw new InputError(`a list exceeds ${MAX_LIST} items`)
    return raw.map((item) => read(item, itemType(type), around))
  }
  if (type === 'rows') return true
  if (type === 'text' && typeof raw === 'object') return read((raw as Row).code, type, around)
  if (type === 'number' && typeof raw === 'number') return Number.isFinite(raw) ? raw : null
  if (type === 'text' && typeof raw === 'string') return raw
  if (type === 'boolean' && typeof raw === 'boolean') return raw
  if (type === 'date' && typeof raw === 'string') return readDay(raw.slice(0, 10))
  if (type === 'datetime' && typeof raw === 'string') return readMoment(raw, around)
  if (type === 'duration' && typeof raw === 'number') return raw
  if (type === 'duration' && typeof raw === 'string') return readDuration(raw)
  if (type === 'null') return null
  throw new InputError(`the value should be ${type}, it is ${typeof raw}`)
}

/** Write a computed value as JSON: dates and instants as ISO texts, durations as seconds. */
export const show = (value: Value, type: string): unknown => {
  if (value === null) return null
  if (Array.isArray(value)) return value.map((item) => show(item, isList(type) ? itemType(type) : type))
  if (type === 'date') return showDay(value as number)
  return type === 'datetime' ? showMoment(value as bigint) : value
}

const follow = (from: unknown, keys: string[]): unknown => {
  let value = from
  for (const key of keys) {
    if (value === null || typeof value !== 'object') return null
    value = (value as Row)[key]
  }
  return value
}

/** The raw value of a field: a flat key, a path along links, or a column of a sub-form as a list. */
export const field = (node: TreeNode, record: Row, around: Surroundings): Value => {
  const path = node.path as string
  if (Object.hasOwn(record, path)) return read(record[path], node.t, around)
  const rows = node.row ? follow(record, [node.row]) : undefined
  if (node.row && isList(node.t) && Array.isArray(rows)) {
    const keys = path.slice(node.row.length + 1).split('.')
    return read(rows.map((row) => follow(row, keys) ?? null), node.t, around)
  }
  return path.includes('.') ? read(follow(record, path.split('.')), node.t, around) : null
}

/** The record once for every row of a sub-form, with that row in the sub-form's place. */
export const eachRow = (record: Row, row: string): Row[] => {
  const rows = record[row]
  if (rows !== null && rows !== undefined) {
    if (!Array.isArray(rows)) throw new InputError(`sub-form ${row} should be a list of rows`)
    if (rows.length > MAX_LIST) throw new InputError(`a sub-form exceeds ${MAX_LIST} rows`)
    return rows.map((one) => ({ ...record, [row]: one }))
  }
  const columns = Object.entries(record).filter(([key, value]) => key.startsWith(`${row}.`) && Array.isArray(value)) as [string, unknown[]][]
  const length = Math.max(0, ...columns.map(([, value]) => value.length))
  return Array.from({ length }, (_, index) => ({ ...record, ...Object.fromEntries(columns.map(([key, value]) => [key, value[index] ?? null])) }))
}
