/** A block of cells from a spreadsheet, pasted onto the grid: what it will change is said before it is done. */
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Modal, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { FormField, Json, RecordItem, Values } from '../../api/types'
import { queryClient } from '../../app/query'
import { sayField } from '../../lib/fields'
import { fieldLabel } from './use-form'

export interface Pasted {
  cells: string[][]
  fields: FormField[]
  records: RecordItem[]
}

/** Only the lower rows that go beyond the list become new records. */
export const pastedOnto = (cells: string[][], columns: readonly FormField[], records: readonly RecordItem[], row: number, column: string): Pasted | null => {
  const first = columns.findIndex((field) => field.key === column)
  if (first === -1 || row < 0) return null
  const width = Math.max(...cells.map((line) => line.length))
  return { cells, fields: columns.slice(first, first + width), records: records.slice(row, row + cells.length) }
}

const valuesOf = (line: readonly string[], fields: readonly FormField[]): Values => Object.fromEntries(fields.flatMap((field, index): [string, Json][] => (line[index] === undefined ? [] : [[field.key, line[index].trim() === '' ? null : line[index]]])))

interface Outcome {
  done: number
  failures: { row: number; message: string }[]
}

const run = async (form: string, { cells, fields, records }: Pasted): Promise<Outcome> => {
  const outcome: Outcome = { done: 0, failures: [] }
  for (const [index, line] of cells.entries()) {
    const values = valuesOf(line, fields)
    const record = records[index]
    try {
      // one after the other: the server's answer to one may bear on the next (unique codes)
      // oxlint-disable-next-line no-await-in-loop -- as said
      await (record ? api.patch(`/forms/${form}/records/${record.id}`, { values, version: record.version }) : api.post(`/forms/${form}/records`, { values }))
      outcome.done += 1
    } catch (error) {
      outcome.failures.push({ row: index + 1, message: error instanceof ApiError ? error.problems.map((problem) => problem.message).join('；') || error.message : String(error) })
    }
  }
  return outcome
}

export const PasteModal = ({ form, pasted, onClose }: { form: string; pasted: Pasted; onClose: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const fresh = pasted.cells.length - pasted.records.length
  const paste = useMutation({
    mutationFn: () => run(form, pasted),
    onSuccess: (outcome) => {
      void queryClient.invalidateQueries({ queryKey: ['list', `/forms/${form}/records`] })
      if (outcome.failures.length > 0) return
      void message.success(t('已粘贴 {{n}} 行', { n: outcome.done }))
      onClose()
    },
  })
  const failures = paste.data?.failures ?? []
  const rows = pasted.cells.slice(0, 100).map((line, index) => ({ line, index, record: pasted.records[index] }))
  return (
    <Modal open width={760} title={t('粘贴 {{rows}} 行 × {{columns}} 列', { rows: pasted.cells.length, columns: pasted.fields.length })} okText={t('粘贴')} okButtonProps={{ loading: paste.isPending, disabled: paste.isSuccess }} onOk={() => paste.mutate()} onCancel={onClose}>
      <p className="soft gap-bottom">{[pasted.records.length > 0 ? t('修改 {{n}} 条', { n: pasted.records.length }) : '', fresh > 0 ? t('新增 {{n}} 条', { n: fresh }) : ''].filter(Boolean).join('，')}</p>
      {failures.length > 0 ? <Alert type="warning" showIcon className="gap-bottom" title={t('{{done}} 行已写入，{{failed}} 行没有', { done: paste.data?.done ?? 0, failed: failures.length })} description={<ul className="problems">{failures.slice(0, 20).map((failure) => <li key={failure.row}>{t('第 {{n}} 行', { n: failure.row })}：{failure.message}</li>)}</ul>} /> : null}
      <Table size="small" pagination={false} scroll={{ y: 320, x: pasted.fields.length * 140 }} rowKey="index" dataSource={rows} columns={pasted.fields.map((field, at) => ({ key: field.key, title: fieldLabel(field), width: 140, ellipsis: true, render: (_: unknown, row: (typeof rows)[number]) => <span>{row.record ? <del className="faint">{sayField(field, row.record.values[field.key])}</del> : null} {row.line[at]}</span> }))} />
    </Modal>
  )
}
