/** One editor a field type, drawn from the field's definition; the same in drawers, cells and approvals. */
import { Input, InputNumber, Switch } from 'antd'
import { lazy, Suspense } from 'react'
import type { FormField, Json } from '../api/types'
import { editorOf, sayField } from '../lib/fields'

const Picker = lazy(() => import('./field-picker'))
const Widget = lazy(() => import('./widgets/widget'))

export interface FieldInputProps {
  field: FormField
  value?: Json
  onChange?: (value: Json) => void
  label?: string
  autoFocus?: boolean
  id?: string
  onBlur?: () => void
}

const INPUT_MODES: Record<string, 'tel' | 'email' | 'url' | undefined> = { phone: 'tel', email: 'email', url: 'url' }

export const FieldInput = (props: FieldInputProps) => {
  const { field, value, onChange, label, autoFocus, id, onBlur } = props
  switch (editorOf(field)) {
    case 'fixed':
    case 'rows':
      return <span className="fixed-value num" id={id}>{sayField(field, value, label)}</span>
    case 'number':
      return <InputNumber id={id} autoFocus={autoFocus} onBlur={onBlur} value={value === undefined || value === '' ? null : (value as number | string | null)} min={field.min} max={field.max} precision={field.type === 'integer' ? 0 : field.precision ?? field.decimals ?? (field.type === 'quantity' ? 0 : undefined)} onChange={(next) => onChange?.(next === null || next === '' ? null : Number(next))} prefix={field.type === 'money' ? '¥' : undefined} suffix={field.unit} style={{ width: '100%' }} />
    case 'boolean':
      return <Switch id={id} checked={value === true} onChange={(next) => onChange?.(next)} />
    case 'date':
    case 'datetime':
    case 'choice':
    case 'choices':
    case 'link':
    case 'member':
    case 'department':
    case 'time':
      return <Suspense fallback={<span className="bone field-bone" />}><Picker {...props} /></Suspense>
    case 'percent':
    case 'rating':
    case 'barcode':
    case 'files':
    case 'signature':
    case 'address':
    case 'json':
    case 'curve':
      return <Suspense fallback={<span className="bone field-bone" />}><Widget {...props} /></Suspense>
    case 'longtext':
      return <Input.TextArea id={id} autoFocus={autoFocus} onBlur={onBlur} autoSize={{ minRows: 2, maxRows: 8 }} value={value === null || value === undefined ? '' : String(value)} onChange={(event) => onChange?.(event.target.value || null)} />
    default:
      return <Input id={id} autoFocus={autoFocus} placeholder={field.placeholder} inputMode={INPUT_MODES[field.type]} onBlur={onBlur} value={value === null || value === undefined ? '' : String(value)} onChange={(event) => onChange?.(event.target.value || null)} />
  }
}
