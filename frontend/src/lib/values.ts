/** A value of an expression as people read it. */
import type { Json } from '../api/types'
import { sayNumber } from './numbers'

export const sayValue = (value: Json): string => {
  if (value === null) return '—'
  if (typeof value === 'number') return sayNumber(value)
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
