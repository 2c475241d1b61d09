/** A small curve of a series: the sales of this SKU in the last days. */
import type { FieldInputProps } from '../field-input'

const W = 160
const H = 32

export const points = (values: readonly number[]): string => {
  const top = Math.max(...values, 1)
  const step = values.length > 1 ? W / (values.length - 1) : 0
  return values.map((value, index) => `${(index * step).toFixed(1)},${(H - 2 - (value / top) * (H - 4)).toFixed(1)}`).join(' ')
}

export const CurveValue = ({ value, field }: FieldInputProps) => {
  const values = Array.isArray(value) ? value.filter((one): one is number => typeof one === 'number') : []
  if (values.length < 2) return <span className="faint">—</span>
  return <svg className="curve-value" viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`${field.label}: ${values.at(-1)}`}><polyline points={points(values)} /></svg>
}
