/** Groups of conditions and the expression they stand for: printed here, read back by the server from the very tree. */

export type ConditionValue = string | number | boolean | null | (string | number)[]

export interface Condition {
  id?: string
  field: string
  operator: string
  value: ConditionValue
  valueSource?: string
}

export interface ConditionGroup {
  id?: string
  combinator: string
  not?: boolean
  rules: (Condition | ConditionGroup)[]
}

export const isGroup = (item: Condition | ConditionGroup): item is ConditionGroup => 'rules' in item

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const literal = (value: ConditionValue, numeric: boolean): string => {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `(${value.map((item) => literal(item, numeric)).join(', ')}${value.length === 1 ? ',' : ''})`
  const text = value ?? ''
  return numeric && /^-?\d+(\.\d+)?$/.test(text) ? text : quoted(text)
}

const CALLS: Record<string, (field: string, value: string) => string> = {
  contains: (field, value) => `contains(${field}, ${value})`,
  starts_with: (field, value) => `starts_with(${field}, ${value})`,
  is_null: (field) => `is_null(${field})`,
  is_not_null: (field) => `not is_null(${field})`,
}

export const needsValue = (operator: string): boolean => operator !== 'is_null' && operator !== 'is_not_null'

const list = (value: ConditionValue): ConditionValue => {
  if (Array.isArray(value)) return value
  return String(value ?? '').split(/[,,、]/).map((part) => part.trim()).filter(Boolean)
}

const isComplete = (item: Condition): boolean => item.field !== '' && (!needsValue(item.operator) || (item.value !== '' && item.value !== null && item.value !== undefined && !(Array.isArray(item.value) && item.value.length === 0)))

/** Print one condition; `numeric` says whether a field holds numbers, so that 20 is not '20'. */
export const printCondition = (item: Condition, numeric: (field: string) => boolean): string => {
  const isList = item.operator === 'in' || item.operator === 'not in'
  const value = item.valueSource === 'expression' || item.valueSource === 'field' ? String(item.value).trim() : literal(isList ? list(item.value) : item.value, numeric(item.field))
  const call = CALLS[item.operator]
  return call ? call(item.field, value) : `${item.field} ${item.operator} ${value}`
}

/** Print a group; unfinished conditions are left out, and an empty group prints as nothing. */
export const printGroup = (group: ConditionGroup, numeric: (field: string) => boolean, inner = false): string => {
  const parts = group.rules
    .filter((item) => isGroup(item) || isComplete(item))
    .map((item) => (isGroup(item) ? printGroup(item, numeric, group.rules.length > 1) : printCondition(item, numeric)))
    .filter(Boolean)
  if (parts.length === 0) return ''
  const joined = parts.join(` ${group.combinator} `)
  if (group.not) return `not (${joined})`
  return inner && parts.length > 1 ? `(${joined})` : joined
}
