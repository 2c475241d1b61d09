/** The editors beyond text, number and lists; loaded when a form shows one. */
import { Input, InputNumber, Rate } from 'antd'
import { useState } from 'react'
import { editorOf } from '../../lib/fields'
import type { FieldInputProps } from '../field-input'
import { AddressInput } from './address'
import { BarcodeInput } from './barcode'
import { FilesInput } from './files'
import { SignatureInput } from './signature'
import { CurveValue } from './curve'
import './widgets.css'

/** 0.12 is typed as 12. */
const PercentInput = ({ field, value, onChange, id, autoFocus, onBlur }: FieldInputProps) => {
  const shown = typeof value === 'number' ? Number((value * 100).toPrecision(12)) : null
  return <InputNumber id={id} autoFocus={autoFocus} onBlur={onBlur} value={shown} suffix="%" onChange={(next) => onChange?.(next === null ? null : Number((next / 100).toPrecision(12)))} placeholder={field.placeholder} style={{ width: '100%' }} />
}

const RatingInput = ({ field, value, onChange, id }: FieldInputProps) => <span id={id}><Rate count={field.stars ?? 5} value={typeof value === 'number' ? value : 0} onChange={(next) => onChange?.(next === 0 ? null : next)} /></span>

const JsonInput = ({ value, onChange, id, onBlur }: FieldInputProps) => {
  const [text, setText] = useState(value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  return <Input.TextArea id={id} className="mono" autoSize={{ minRows: 3, maxRows: 14 }} value={text} onBlur={onBlur} onChange={(event) => { setText(event.target.value); onChange?.(event.target.value || null) }} />
}

const Widget = (props: FieldInputProps) => {
  switch (editorOf(props.field)) {
    case 'percent': return <PercentInput {...props} />
    case 'rating': return <RatingInput {...props} />
    case 'barcode': return <BarcodeInput {...props} />
    case 'files': return <FilesInput {...props} />
    case 'signature': return <SignatureInput {...props} />
    case 'address': return <AddressInput {...props} />
    case 'curve': return <CurveValue {...props} />
    default: return <JsonInput {...props} />
  }
}

export default Widget
