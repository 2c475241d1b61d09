/** A cell that is edited where it stands: double click or Enter, saved on Enter or on leaving. */
import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { FormField, Json, RecordItem } from '../../api/types'
import { queryClient } from '../../app/query'
import { FieldInput } from '../../components/field-input'
import { Moment } from '../../components/moment'
import { StateTag } from '../../components/status'
import { CurveValue } from '../../components/widgets/curve'
import { fileUrl } from '../../components/widgets/files'
import { cellText, isFiles } from '../../lib/fields'
import { fieldLabel, isEditable } from './use-form'

export const CellText = ({ field, record }: { field: FormField; record: RecordItem }) => {
  const value = record.values[field.key]
  if (isFiles(value) && value[0]?.type.startsWith('image/')) return <span className="cell-pictures">{value.slice(0, 3).map((file) => <img key={file.id} src={fileUrl(file)} alt={file.name} loading="lazy" />)}</span>
  if (field.type === 'sparkline' && Array.isArray(value)) return <CurveValue field={field} value={value} />
  if ((field.type === 'date' || field.type === 'datetime') && typeof value === 'string') return <Moment at={value} day={field.type === 'date'} />
  if (field.key === 'status' && typeof value === 'string') return <StateTag state={value} plain />
  const text = cellText(field, record)
  return <span className={text === '—' ? 'faint' : 'ellipsis block'} title={text}>{text}</span>
}

interface Props {
  form: string
  field: FormField
  record: RecordItem
  readOnly: boolean
}

/** Picked, not typed: the choice itself ends the editing. */
const IMMEDIATE = new Set(['boolean', 'choice', 'date', 'datetime', 'time', 'rating', 'link', 'sku', 'warehouse', 'supplier', 'select_data', 'member', 'department'])

export const EditableCell = ({ form, field, record, readOnly }: Props) => {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const [value, setValue] = useState<Json>(null)
  const save = useMutation({
    mutationFn: (next: Json) => api.patch(`/forms/${form}/records/${record.id}`, { values: { [field.key]: next }, version: record.version }),
    onSuccess: () => {
      setEditing(false)
      return queryClient.invalidateQueries({ queryKey: ['list', `/forms/${form}/records`] })
    },
  })
  if (readOnly || !isEditable(field)) return <div data-row={record.id} data-column={field.key}><CellText field={field} record={record} /></div>
  const begin = (): void => {
    setValue(record.values[field.key] ?? null)
    setEditing(true)
  }
  const commit = (next: Json): void => {
    if (JSON.stringify(next) === JSON.stringify(record.values[field.key] ?? null)) setEditing(false)
    else save.mutate(next)
  }
  if (!editing) {
    return (
      <div className="editable" data-row={record.id} data-column={field.key} role="button" tabIndex={0} aria-label={t('{{label}}：{{value}}，回车修改', { label: fieldLabel(field), value: cellText(field, record) })} onDoubleClick={begin} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); begin() } }}>
        <CellText field={field} record={record} />
      </div>
    )
  }
  const immediate = IMMEDIATE.has(field.type)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !immediate) commit(value)
    if (event.key === 'Escape') setEditing(false)
    event.stopPropagation()
  }
  return (
    <div className={`editing ${save.isError ? 'has-problem' : ''}`} onKeyDown={onKeyDown}>
      <FieldInput field={field} value={value} label={record.labels?.[field.key]} autoFocus onChange={(next) => { setValue(next); if (immediate) commit(next) }} onBlur={() => { if (!immediate) commit(value) }} />
    </div>
  )
}
