/** What can be done with the selected records together: change a field, delete; both can be taken back. */
import { useMutation } from '@tanstack/react-query'
import { App, Button, Modal, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { FormField, Json } from '../../api/types'
import { queryClient } from '../../app/query'
import { FieldInput } from '../../components/field-input'
import { ProblemList } from '../../components/problems'
import { fitsCell } from '../../lib/fields'
import type { Batch } from './types'
import { fieldLabel } from './use-form'

interface Props {
  form: string
  ids: readonly (string | number)[]
  fields: readonly FormField[]
  mayEdit: boolean
  mayDelete: boolean
  onDone: () => void
}

const refresh = (form: string): void => {
  for (const key of [['list', `/forms/${form}/records`], ['groups', form], ['forms']]) void queryClient.invalidateQueries({ queryKey: key })
}

/** Tell what was done, with the way back. */
export const useTold = (form: string) => {
  const { t } = useTranslation()
  const { message, notification } = App.useApp()
  const undo = useMutation({ mutationFn: (batch: string) => api.post(`/forms/${form}/records/undo`, { batch }), onSuccess: () => { void message.success(t('已撤销')); refresh(form) } })
  return (text: string, answer: Batch): void => {
    refresh(form)
    const { batch, errors } = answer
    notification.open({
      title: text,
      description: errors.length > 0 ? <ProblemList problems={errors.slice(0, 5).map((error) => ({ path: `#${error.id}`, message: error.message, message_en: error.message_en }))} /> : undefined,
      duration: 8,
      actions: batch ? <Button size="small" onClick={() => { notification.destroy(); undo.mutate(batch) }}>{t('撤销')}</Button> : undefined,
    })
  }
}

const EditModal = ({ form, ids, fields, onClose, onDone }: Pick<Props, 'form' | 'ids' | 'fields' | 'onDone'> & { onClose: () => void }) => {
  const { t } = useTranslation()
  const told = useTold(form)
  const [key, setKey] = useState<string>()
  const [value, setValue] = useState<Json>(null)
  const field = fields.find((one) => one.key === key)
  const save = useMutation({
    mutationFn: () => api.post<Batch>(`/forms/${form}/records/bulk-edit`, { ids, values: { [key ?? '']: value } }),
    onSuccess: (answer) => {
      told(t('改了 {{n}} 条', { n: answer.updated ?? 0 }), answer)
      onDone()
    },
  })
  return (
    <Modal open title={t('批量修改 {{n}} 条', { n: ids.length })} okText={t('修改')} okButtonProps={{ disabled: !field, loading: save.isPending }} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack tight">
        <Select aria-label={t('改哪个字段')} placeholder={t('改哪个字段')} showSearch={{ optionFilterProp: 'label' }} value={key} options={fields.filter((one) => fitsCell(one) && !one.unique).map((one) => ({ value: one.key, label: fieldLabel(one) }))} onChange={(next: string) => { setKey(next); setValue(null) }} />
        {field ? <FieldInput key={field.key} field={field} value={value} onChange={setValue} /> : null}
        {field && value === null ? <p className="faint">{t('留空：把这些记录的“{{label}}”清空', { label: fieldLabel(field) })}</p> : null}
      </div>
    </Modal>
  )
}

export const BulkBar = ({ form, ids, fields, mayEdit, mayDelete, onDone }: Props) => {
  const { t } = useTranslation()
  const told = useTold(form)
  const [editing, setEditing] = useState(false)
  const remove = useMutation({
    mutationFn: () => api.post<Batch>(`/forms/${form}/records/bulk-delete`, { ids }),
    onSuccess: (answer) => {
      told(t('删了 {{n}} 条', { n: answer.deleted ?? 0 }), answer)
      onDone()
    },
  })
  return (
    <div className="bulk" role="toolbar" aria-label={t('批量操作')}>
      <span className="num">{t('已选 {{n}} 条', { n: ids.length })}</span>
      {mayEdit ? <Button size="small" onClick={() => setEditing(true)}>{t('批量修改')}</Button> : null}
      {mayDelete ? <Popconfirm title={t('删除选中的 {{n}} 条？', { n: ids.length })} okText={t('删除')} onConfirm={() => remove.mutate()}><Button size="small" danger loading={remove.isPending}>{t('删除')}</Button></Popconfirm> : null}
      <Button size="small" type="text" onClick={onDone}>{t('取消选择')}</Button>
      {editing ? <EditModal form={form} ids={ids} fields={fields} onClose={() => setEditing(false)} onDone={() => { setEditing(false); onDone() }} /> : null}
    </div>
  )
}
