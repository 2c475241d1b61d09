/** What a record's field reads as: its label for links, else the value. */
import type { RecordItem } from '../../api/types'

export const text = (record: RecordItem, key: string): string => {
  const value = record.labels?.[key] ?? record.values[key]
  return value === null || value === undefined || value === '' ? '—' : String(value)
}
