/** Rows inside a record as a small spreadsheet: paste from Excel, Enter goes down, totals below; cards on the phone. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Button } from 'antd'
import { type ClipboardEvent, type KeyboardEvent, memo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormField, Json, Values } from '../../api/types'
import { pick } from '../../i18n'
import { isNumeric, sayField } from '../../lib/fields'
import type { LiveForm } from '../../lib/form/live'
import { pastedCells } from '../../lib/form/paste'
import { FieldInput } from '../field-input'
import { usePhone } from '../use-phone'
import { useLive } from './use-live'
import { FieldValue } from './value'

interface Props {
  live: LiveForm
  field: FormField
  readOnly: boolean
}

const ROW = 49

const rowsOf = (live: LiveForm, key: string): Values[] => (Array.isArray(live.values[key]) ? (live.values[key] as Json[] as Values[]) : [])

const isComputed = (column: FormField): boolean => ['formula', 'auto_number', 'sparkline'].includes(column.type)

const CellInput = ({ live, sub, index, column, value, readOnly }: { live: LiveForm; sub: string; index: number; column: FormField; value: Json | undefined; readOnly: boolean }) =>
  readOnly || isComputed(column) ? <span className="num sub-fixed">{sayField(column, value)}</span> : <FieldInput field={column} value={value ?? null} onChange={(next) => live.setCell(sub, index, column.key, next)} />

interface RowProps extends Props {
  index: number
}

const Row = memo(({ live, field, index, readOnly }: RowProps) => {
  const { t } = useTranslation()
  const row = useLive(live, (form) => rowsOf(form, field.key)[index])
  if (!row) return null
  return (
    <>
      {(field.fields ?? []).map((column) => <div key={column.key} role="gridcell" className={isNumeric(column) ? 'right num' : ''} data-cell={`${index}:${column.key}`}><CellInput live={live} sub={field.key} index={index} column={column} value={row[column.key]} readOnly={readOnly} /></div>)}
      {readOnly ? null : <div role="gridcell"><Button type="text" icon={<DeleteOutlined />} aria-label={t('删除第 {{n}} 行', { n: index + 1 })} onClick={() => live.removeRow(field.key, index)} /></div>}
    </>
  )
})

const Totals = ({ live, field, readOnly }: Props) => {
  const { t } = useTranslation()
  const rows = useLive(live, (form) => form.values[field.key])
  const numeric = (field.fields ?? []).filter((column) => ['number', 'quantity', 'money'].includes(column.type) || (column.type === 'formula' && isNumeric(column)))
  const all = Array.isArray(rows) ? (rows as Json[] as Values[]) : []
  if (all.length < 2 || numeric.length === 0) return null
  const sums = new Map(numeric.map((column) => [column.key, all.reduce((sum, row) => sum + (typeof row[column.key] === 'number' ? (row[column.key] as number) : 0), 0)]))
  return (
    <>
      {(field.fields ?? []).map((column, index) => <div key={column.key} role="gridcell" className={isNumeric(column) ? 'right num strong' : 'faint'}>{sums.has(column.key) ? sayField(column, Number((sums.get(column.key) ?? 0).toFixed(6))) : index === 0 ? t('合计 {{n}} 行', { n: all.length }) : null}</div>)}
      {readOnly ? null : <div role="gridcell" />}
    </>
  )
}

const PhoneRows = ({ live, field, readOnly }: Props) => {
  const { t } = useTranslation()
  const rows = useLive(live, (form) => form.values[field.key])
  const all = Array.isArray(rows) ? (rows as Json[] as Values[]) : []
  return (
    <ul className="sub-cards">
      {all.map((row, index) => (
        <li key={index}>
          <div className="row between"><strong className="num">{index + 1}</strong>{readOnly ? null : <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除第 {{n}} 行', { n: index + 1 })} onClick={() => live.removeRow(field.key, index)} />}</div>
          {(field.fields ?? []).map((column) => <label key={column.key} className="sub-card-field"><span className="soft">{pick(column, 'label')}</span>{readOnly ? <FieldValue field={column} value={row[column.key]} /> : <CellInput live={live} sub={field.key} index={index} column={column} value={row[column.key]} readOnly={readOnly} />}</label>)}
        </li>
      ))}
    </ul>
  )
}

const widthOf = (column: FormField): string => (isNumeric(column) || column.type === 'boolean' ? 'minmax(96px, 1fr)' : 'minmax(140px, 1.6fr)')

const DeskRows = ({ live, field, readOnly }: Props) => {
  const count = useLive(live, (form) => rowsOf(form, field.key).length)
  const box = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- we do not use the React compiler
  const virtual = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 6 })
  const columns = field.fields ?? []
  const template = { gridTemplateColumns: `${columns.map(widthOf).join(' ')}${readOnly ? '' : ' 40px'}` }
  const goDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    const [index, key] = ((event.target as Element).closest<HTMLElement>('[data-cell]')?.dataset.cell ?? '').split(':')
    const below = box.current?.querySelector<HTMLInputElement>(`[data-cell="${Number(index) + 1}:${key}"] input`)
    if (!below) return
    event.preventDefault()
    below.focus()
  }
  const paste = (event: ClipboardEvent<HTMLDivElement>): void => {
    const cells = pastedCells(event.clipboardData.getData('text'))
    const [index, key] = ((event.target as Element).closest<HTMLElement>('[data-cell]')?.dataset.cell ?? '').split(':')
    const first = columns.findIndex((column) => column.key === key)
    if (readOnly || first === -1 || (cells.length === 1 && cells[0]?.length === 1)) return
    event.preventDefault()
    const missing = Number(index) + cells.length - rowsOf(live, field.key).length
    if (missing > 0) live.addRows(field.key, Array.from({ length: missing }, () => ({})))
    cells.forEach((line, down) => line.forEach((text, across) => {
      const column = columns[first + across]
      if (column && !isComputed(column)) live.setCell(field.key, Number(index) + down, column.key, isNumeric(column) && text.trim() !== '' && Number.isFinite(Number(text.replaceAll(',', ''))) ? Number(text.replaceAll(',', '')) : text || null)
    }))
  }
  return (
    <div ref={box} className="sub-grid" role="grid" aria-label={field.label} onKeyDown={goDown} onPaste={paste}>
      <div className="sub-head" role="row" style={template}>{columns.map((column) => <div key={column.key} role="columnheader" className={isNumeric(column) ? 'right' : ''}>{pick(column, 'label')}{column.required ? <span className="required-mark">*</span> : null}{column.unit ? <span className="faint"> {column.unit}</span> : null}</div>)}{readOnly ? null : <div />}</div>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => <div key={item.key} role="row" className="sub-row" style={{ ...template, transform: `translateY(${item.start}px)` }}><Row live={live} field={field} index={item.index} readOnly={readOnly} /></div>)}
      </div>
      <div className="sub-foot" role="row" style={template}><Totals live={live} field={field} readOnly={readOnly} /></div>
    </div>
  )
}

export const SubGrid = (props: Props) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const { live, field, readOnly } = props
  const count = useLive(live, (form) => rowsOf(form, field.key).length)
  return (
    <div className="sub-form">
      {count === 0 ? (readOnly ? <span className="faint">—</span> : null) : phone ? <PhoneRows {...props} /> : <DeskRows {...props} />}
      {readOnly || (field.max_rows !== undefined && count >= field.max_rows) ? null : <Button type="dashed" icon={<PlusOutlined />} onClick={() => live.addRows(field.key, [{}])}>{t('加一行')}</Button>}
    </div>
  )
}
