/** One record: its fields to read or change, its sub-rows, and who changed what. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Form, Popconfirm, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { FormDefinition, FormField, Json, Page, RecordItem, Values } from '../../api/types'
import { can, errorText, queryClient, useMe } from '../../app/query'
import { FieldInput } from '../../components/field-input'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { ProblemList } from '../../components/problems'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { pick } from '../../i18n'
import { cellText, editorOf, sayField } from '../../lib/fields'
import { fieldOfPath } from './paths'
import { SubRows } from './sub-rows'
import { fieldLabel, isEditable, labelWithUnit, useFormDefinition } from './use-form'
import './records.css'

interface Change {
  at: string
  actor: string | null
  operation: string
  changes: Record<string, { before: Json; after: Json }>
}

const OPERATIONS: Record<string, string> = { create: '新增', created: '新增', update: '修改', updated: '修改', delete: '删除', deleted: '删除' }

const History = ({ form, record, fields }: { form: string; record: RecordItem; fields: FormField[] }) => {
  const { t } = useTranslation()
  const history = useQuery({ queryKey: ['record-history', form, record.id], queryFn: () => api.get<Page<Change>>(`/forms/${form}/records/${record.id}/history`) })
  const name = (key: string): string => fieldLabel(fields.find((field) => field.key === key) ?? { key, type: 'text', label: key })
  const say = (key: string, value: Json): string => sayField(fields.find((field) => field.key === key) ?? { key, type: 'text', label: key }, value)
  if (history.isPending) return <CardSkeleton />
  if (history.isError) return <Failed error={history.error} retry={() => void history.refetch()} />
  if (history.data.items.length === 0) return <Empty title={t('还没有修改过')} />
  return (
    <ul className="timeline">
      {history.data.items.map((change, index) => (
        <li key={index}>
          <div><span className="strong"><Person of={change.actor} /></span> {t(OPERATIONS[change.operation] ?? change.operation)}</div>
          <div className="when"><Moment at={change.at} /></div>
          {(change.operation.startsWith('update') ? Object.entries(change.changes) : []).map(([key, pair]) => <div key={key} className="soft num">{name(key)}:{say(key, pair.before)} → {say(key, pair.after)}</div>)}
        </li>
      ))}
    </ul>
  )
}

const ReadField = ({ field, record }: { field: FormField; record: RecordItem }) => {
  const value = record.values[field.key]
  if (editorOf(field) === 'rows') return <SubRows field={field} value={value} readOnly />
  if ((field.type === 'date' || field.type === 'datetime') && typeof value === 'string') return <Moment at={value} day={field.type === 'date'} />
  return <span className="num prewrap">{cellText(field, record)}</span>
}

const title = (form: FormDefinition, record: RecordItem | null): string => {
  if (!record) return ''
  const code = record.values.code
  const name = record.values.name
  return [code, name].filter((part) => part !== null && part !== undefined && part !== '').join(' ') || `${pick(form, 'name')} ${record.id}`
}

const changedOnly = (values: Values, record: RecordItem | null): Values =>
  record ? Object.fromEntries(Object.entries(values).filter(([key, value]) => JSON.stringify(value ?? null) !== JSON.stringify(record.values[key] ?? null))) : Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

interface Props {
  form: string
  record: RecordItem | null
  onClose: () => void
}

const Editor = ({ form, definition, record, readOnly, onClose }: Props & { definition: FormDefinition; readOnly: boolean }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [fields] = Form.useForm<Values>()
  const done = (text: string): void => {
    void message.success(text)
    for (const key of [['list'], ['options', form], ['record-history', form]]) void queryClient.invalidateQueries({ queryKey: key })
    onClose()
  }
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (values: Values) => (record ? api.patch(`/forms/${form}/records/${record.id}`, { values: changedOnly(values, record), version: record.version }) : api.post(`/forms/${form}/records`, { values: changedOnly(values, null) })),
    onSuccess: () => done(record ? t('已保存') : t('已新增')),
    onError: (error) => {
      if (!(error instanceof ApiError)) return
      fields.setFields(error.problems.flatMap((problem) => {
        const name = fieldOfPath(problem.path)
        return definition.fields.some((field) => field.key === name) ? [{ name, errors: [[pick(problem, 'message'), pick(problem, 'hint')].filter(Boolean).join(' ')] }] : []
      }))
    },
  })
  const remove = useMutation({ mutationFn: () => api.delete(`/forms/${form}/records/${record?.id}`), onSuccess: () => done(t('已删除')) })
  const shown = definition.fields.filter((field) => !field.hidden)
  const unplaced = save.error instanceof ApiError ? save.error.problems.filter((problem) => !definition.fields.some((field) => field.key === fieldOfPath(problem.path))) : []
  return (
    <>
      <Form form={fields} layout="vertical" initialValues={record ? record.values : Object.fromEntries(shown.filter((field) => field.default !== undefined).map((field) => [field.key, field.default as Json]))} onFinish={(values) => save.mutate(values)} className="record-form">
        {shown.map((field) => {
          const label = labelWithUnit(field)
          if (editorOf(field) === 'rows' && !readOnly) return <Form.Item key={field.key} name={field.key} label={label} className="wide"><SubRows field={field} /></Form.Item>
          if (readOnly || !isEditable(field)) return record ? <div key={field.key} className={`ant-form-item read-item ${editorOf(field) === 'rows' ? 'wide' : ''}`}><div className="read-label">{label}</div><ReadField field={field} record={record} /></div> : null
          return (
            <Form.Item key={field.key} name={field.key} label={label} extra={pick(field, 'help') || undefined} rules={field.required && field.type !== 'boolean' ? [{ required: true, message: t('请填写{{label}}', { label: fieldLabel(field) }) }] : undefined} className={editorOf(field) === 'longtext' ? 'wide' : ''}>
              <FieldInput field={field} label={record?.labels?.[field.key]} />
            </Form.Item>
          )
        })}
      </Form>
      {save.isError ? <Alert type="error" showIcon title={errorText(save.error)} description={unplaced.length > 0 ? <ProblemList problems={unplaced} /> : undefined} /> : null}
      {readOnly ? null : (
        <div className="drawer-foot">
          {record ? <Popconfirm title={t('删除这条记录？')} okText={t('删除')} onConfirm={() => remove.mutate()}><Button danger type="text" loading={remove.isPending}>{t('删除')}</Button></Popconfirm> : <span />}
          <span className="row"><Button onClick={onClose}>{t('取消')}</Button><Button type="primary" loading={save.isPending} onClick={() => fields.submit()}>{record ? t('保存') : t('新增')}</Button></span>
        </div>
      )}
    </>
  )
}

export const RecordDrawer = ({ form, record, onClose }: Props) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [tab, setTab] = useState('fields')
  const definition = useFormDefinition(form)
  const document = definition.data?.definition
  const readOnly = !can(user.roles, 'operator', 'designer') || document?.storage === 'facts'
  return (
    <Drawer open size={640} title={document ? (record ? title(document, record) : t('新增{{form}}', { form: pick(document, 'name') })) : ''} onClose={onClose} destroyOnHidden>
      {definition.isPending ? <CardSkeleton lines={8} /> : null}
      {definition.isError ? <Failed error={definition.error} retry={() => void definition.refetch()} /> : null}
      {document && record ? (
        <Tabs activeKey={tab} onChange={setTab} items={[
          { key: 'fields', label: t('内容'), children: <Editor form={form} definition={document} record={record} readOnly={readOnly} onClose={onClose} /> },
          { key: 'history', label: t('修改记录'), children: tab === 'history' ? <History form={form} record={record} fields={document.fields} /> : null },
        ]} />
      ) : null}
      {document && !record ? <Editor form={form} definition={document} record={null} readOnly={readOnly} onClose={onClose} /> : null}
    </Drawer>
  )
}
