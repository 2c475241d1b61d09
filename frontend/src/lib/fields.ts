/** What the interface knows of field types: how a value reads, what sits right, which editor it takes. */
import type { FormField, Json, RecordItem } from '../api/types'
import { sayMoney, sayNumber } from './numbers'

export type Editor = 'text' | 'longtext' | 'number' | 'boolean' | 'date' | 'datetime' | 'choice' | 'choices' | 'link' | 'member' | 'rows' | 'fixed'

const EDITORS: Record<string, Editor> = {
  text: 'text', email: 'text', phone: 'text', url: 'text', barcode: 'text', time: 'text', address: 'longtext', long_text: 'longtext', rich_text: 'longtext',
  number: 'number', quantity: 'number', money: 'number', percent: 'number', rating: 'number', boolean: 'boolean', date: 'date', datetime: 'datetime',
  choice: 'choice', multi_choice: 'choices', link: 'link', select_data: 'link', sku: 'link', warehouse: 'link', supplier: 'link', member: 'member',
  sub_form: 'rows', formula: 'fixed', auto_number: 'fixed', sparkline: 'fixed', attachment: 'fixed', image: 'fixed', signature: 'fixed', json: 'fixed', department: 'text',
}

const LINK_TARGETS: Record<string, string> = { sku: 'sku', warehouse: 'warehouse', supplier: 'supplier' }

export const editorOf = (field: Pick<FormField, 'type' | 'options' | 'read_only'>): Editor => (field.read_only ? 'fixed' : EDITORS[field.type] ?? (field.options ? 'choice' : 'text'))

export const isNumeric = (field: Pick<FormField, 'type'>): boolean => EDITORS[field.type] === 'number'

export const linkTarget = (field: FormField): string | null => field.form ?? LINK_TARGETS[field.type] ?? null

export const optionList = (options: FormField['options']): { value: string; label: string }[] =>
  (options ?? []).map((option) => (typeof option === 'string' ? { value: option, label: option } : { value: option.value, label: option.label ?? option.value }))

const optionLabel = (field: FormField, value: Json): string => {
  const found = optionList(field.options).find((option) => option.value === value)
  return found?.label ?? String(value)
}

/** A value as text, for cells and read-only fields; dates stay as they are (the Moment component says them). */
export const sayField = (field: FormField, value: Json | undefined, label?: string): string => {
  if (value === null || value === undefined || value === '') return '—'
  if (label) return label
  if (field.type === 'money') return sayMoney(value as number | string)
  if (field.type === 'percent' && typeof value === 'number') return `${sayNumber(value * 100)}%`
  if (typeof value === 'number') return sayNumber(value, field.precision)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? value.map((item) => optionLabel(field, item)).join('、') : String(value.length)
  if (typeof value === 'object') return JSON.stringify(value)
  return field.options ? optionLabel(field, value) : value
}

export const cellText = (field: FormField, record: RecordItem): string => sayField(field, record.values[field.key], record.labels?.[field.key])
