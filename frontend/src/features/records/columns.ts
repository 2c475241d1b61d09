/** The columns of the grid: which, in what order, how wide, how many stand still. */
import type { FormDefinition, FormField } from '../../api/types'
import { isNumeric } from '../../lib/fields'
import type { ColumnSetting, ViewSettings } from './types'

const LONG = new Set(['sub_form', 'json', 'attachment', 'image', 'signature', 'rich_text', 'long_text', 'sparkline'])
const FIRST = 12

export const standardWidth = (field: FormField): number => {
  if (field.key === 'name') return 240
  if (isNumeric(field) || field.type === 'boolean') return 120
  return ['link', 'sku', 'supplier', 'select_data'].includes(field.type) ? 200 : 150
}

/** What a list shows when nobody has chosen: the form's own grid view, else the fields that fit a cell. */
const standard = (form: FormDefinition, fields: readonly FormField[]): ColumnSetting[] => {
  const view = form.views?.find((item) => item.type === 'grid' && item.columns && item.columns.length > 0)
  const shown = new Set(view?.columns ?? fields.filter((field) => !field.hidden && !LONG.has(field.type)).slice(0, FIRST).map((field) => field.key))
  const order = [...(view?.columns ?? []), ...fields.map((field) => field.key).filter((key) => !view?.columns?.includes(key))]
  return order.filter((key) => fields.some((field) => field.key === key)).map((key) => (shown.has(key) ? { key } : { key, hidden: true }))
}

/** The chosen columns; fields that came later stand hidden at the end, fields that are gone are left out. */
export const columnsOf = (form: FormDefinition, fields: readonly FormField[], chosen: ViewSettings['columns']): ColumnSetting[] => {
  const base = standard(form, fields)
  if (!chosen || chosen.length === 0) return base
  const known = new Set(fields.map((field) => field.key))
  const kept = chosen.filter((column) => known.has(column.key))
  const named = new Set(kept.map((column) => column.key))
  return [...kept, ...base.filter((column) => !named.has(column.key)).map((column) => ({ ...column, hidden: true }))]
}

export const moved = (columns: readonly ColumnSetting[], key: string, by: 1 | -1): ColumnSetting[] => {
  const at = columns.findIndex((column) => column.key === key)
  const [one, other] = [columns[at], columns[at + by]]
  if (!one || !other) return [...columns]
  return columns.map((column, index) => (index === at ? other : index === at + by ? one : column))
}

/** An expression for the rows of one group, whatever its key holds. */
export const groupFilter = (filter: string, field: FormField, value: unknown): string => {
  const own = value === null || value === undefined ? `IS_NULL(${field.key})` : typeof value === 'number' || typeof value === 'boolean' ? `${field.key} == ${value === true ? 'True' : value === false ? 'False' : value}` : `${field.key} == '${String(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return filter ? `(${filter}) and ${own}` : own
}
