/** What the interface knows of field types: how a value reads, what sits right, which editor it takes. */
import type { FormField, Json, RecordItem } from '../api/types'
import { sayMoney, sayNumber } from './numbers'

export type Editor =
  | 'text' | 'longtext' | 'number' | 'boolean' | 'date' | 'datetime' | 'choice' | 'choices' | 'link' | 'member' | 'rows' | 'fixed'
  | 'percent' | 'rating' | 'time' | 'barcode' | 'files' | 'signature' | 'address' | 'json' | 'department' | 'curve'

const EDITORS: Record<string, Editor> = {
  text: 'text', email: 'text', phone: 'text', url: 'text', long_text: 'longtext', rich_text: 'longtext', number: 'number', quantity: 'number', money: 'number', boolean: 'boolean', date: 'date', datetime: 'datetime',
  choice: 'choice', multi_choice: 'choices', link: 'link', select_data: 'link', sku: 'link', warehouse: 'link', supplier: 'link', member: 'member', department: 'department', sub_form: 'rows',
  percent: 'percent', rating: 'rating', time: 'time', barcode: 'barcode', attachment: 'files', image: 'files', signature: 'signature', address: 'address', json: 'json', sparkline: 'curve', formula: 'fixed', auto_number: 'fixed',
}

/** Editors that fit into a cell of a grid. */
const IN_CELL: ReadonlySet<Editor> = new Set(['text', 'number', 'boolean', 'date', 'datetime', 'choice', 'choices', 'link', 'member', 'percent', 'time', 'barcode', 'department', 'rating'])

const LINK_TARGETS: Record<string, string> = { sku: 'sku', warehouse: 'warehouse', supplier: 'supplier' }

export const editorOf = (field: Pick<FormField, 'type' | 'options' | 'read_only'>): Editor => (field.read_only ? 'fixed' : EDITORS[field.type] ?? (field.options ? 'choice' : 'text'))

export const fitsCell = (field: Pick<FormField, 'type' | 'options' | 'read_only'>): boolean => IN_CELL.has(editorOf(field))

const NUMERIC = new Set(['number', 'quantity', 'money', 'percent', 'rating'])

export const isNumeric = (field: Pick<FormField, 'type' | 'result'>): boolean => NUMERIC.has(field.type) || (field.type === 'formula' && ['number', 'money'].includes(field.result ?? 'number'))

export const linkTarget = (field: FormField): string | null => field.form ?? LINK_TARGETS[field.type] ?? null

export const optionList = (options: FormField['options']): { value: string; label: string }[] =>
  (options ?? []).map((option) => (typeof option === 'string' ? { value: option, label: option } : { value: option.value, label: option.label ?? option.value }))

const optionLabel = (field: FormField, value: Json): string => {
  const found = optionList(field.options).find((option) => option.value === value)
  return found?.label ?? String(value)
}

export interface StoredFile {
  [key: string]: Json
  id: string
  name: string
  size: number
  type: string
}

export const isFiles = (value: Json | undefined): value is StoredFile[] & Json[] => Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object' && item !== null && 'id' in item && 'name' in item)

export interface Address {
  [key: string]: Json | undefined
  province?: string
  city?: string
  district?: string
  detail?: string
}

const isAddress = (value: Json | undefined): value is Address & { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value as text, for cells and read-only fields; dates stay as they are (the Moment component says them). */
export const sayField = (field: FormField, value: Json | undefined, label?: string): string => {
  if (value === null || value === undefined || value === '') return '—'
  if (label) return label
  if (field.type === 'money' || (field.type === 'formula' && field.result === 'money')) return sayMoney(value as number | string)
  if (field.type === 'percent' && typeof value === 'number') return `${sayNumber(value * 100)}%`
  if (field.type === 'signature') return '✍'
  if (typeof value === 'number') return sayNumber(value, field.precision ?? field.decimals)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (field.type === 'time' && typeof value === 'string') return value.replace(/:00$/, '')
  if (Array.isArray(value) && isFiles(value)) return value.map((file) => file.name).join('、')
  if (field.type === 'address' && isAddress(value)) return [...new Set([value.province, value.city, value.district, value.detail])].filter(Boolean).join('')
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? value.map((item) => optionLabel(field, item)).join('、') : String(value.length)
  if (typeof value === 'object') return JSON.stringify(value)
  return field.options ? optionLabel(field, value) : value
}

export const cellText = (field: FormField, record: RecordItem): string => sayField(field, record.values[field.key], record.labels?.[field.key])

const WIDE = new Set(['sub_form', 'long_text', 'rich_text', 'json', 'image', 'attachment', 'signature', 'address'])

/** Whether a field takes the whole width of its section. */
export const isWide = (field: Pick<FormField, 'type'>): boolean => WIDE.has(field.type)
