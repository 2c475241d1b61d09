/** What a group of people may do with the records of a form: actions, which rows, which fields. */
import { Checkbox, Radio, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormField } from '../api/types'
import { pick } from '../i18n'
import { DraftFormula, type Over } from './formula/draft-formula'
import './permission-editor.css'

export type FieldRight = 'write' | 'read' | 'hide'

export interface Permission {
  can: string[]
  rows?: string
  fields?: Record<string, FieldRight>
}

interface Props {
  value: Permission
  form: { key: string; name: string; fields: FormField[] }
  onChange: (value: Permission) => void
}

const ACTIONS: [string, string][] = [['view', '查看'], ['add', '新增'], ['edit', '修改'], ['delete', '删除'], ['import', '导入'], ['export', '导出'], ['print', '打印']]

/** Words that a condition over rows knows beside the fields. */
const SCOPE: FormField[] = [
  { key: 'me', type: 'text', label: '我' },
  { key: 'my_department', type: 'text', label: '我的部门' },
  { key: 'my_departments', type: 'multi_choice', label: '我的部门及下级' },
  { key: 'my_people', type: 'multi_choice', label: '本部门成员' },
  { key: 'created_by', type: 'text', label: '创建人' },
  { key: 'updated_by', type: 'text', label: '修改人' },
  { key: 'created_at', type: 'datetime', label: '创建时间' },
  { key: 'updated_at', type: 'datetime', label: '修改时间' },
]

const overScope = (form: Props['form']): Over => ({ key: form.key, name: form.name, fields: [...form.fields, ...SCOPE.filter((word) => !form.fields.some((field) => field.key === word.key)).map((word) => (word.type === 'multi_choice' ? { ...word, options: ['-'] } : word))] })

const cleaned = (value: Permission): Permission => {
  const fields = Object.fromEntries(Object.entries(value.fields ?? {}).filter(([, right]) => right !== 'write'))
  return { can: value.can, ...(value.rows ? { rows: value.rows } : {}), ...(Object.keys(fields).length > 0 ? { fields } : {}) }
}

const Rows = ({ value, form, onChange }: Props) => {
  const { t } = useTranslation()
  const members = form.fields.filter((field) => field.type === 'member' && !field.multiple)
  const usual = [
    { value: '', label: t('全部记录') },
    { value: 'created_by == me', label: t('自己新增的') },
    ...members.map((field) => ({ value: `${field.key} == me`, label: t('“{{field}}”是自己的', { field: pick(field, 'label') }) })),
    { value: 'created_by in my_people', label: t('本部门的人新增的') },
  ]
  const rows = value.rows ?? ''
  const known = usual.some((one) => one.value === rows)
  const put = (next: string): void => onChange(cleaned({ ...value, rows: next }))
  return (
    <div className="stack tight">
      <Select aria-label={t('哪些记录')} value={known ? rows : 'custom'} options={[...usual, { value: 'custom', label: t('符合条件的') }]} onChange={(next: string) => put(next === 'custom' ? `${usual[1]?.value} ` : next)} />
      {known ? null : <DraftFormula over={overScope(form)} value={rows} result="boolean" label={t('哪些记录的条件')} onChange={put} />}
    </div>
  )
}

export const PermissionEditor = ({ value, form, onChange }: Props) => {
  const { t } = useTranslation()
  const every = (value.fields?.['*'] ?? 'write') as FieldRight
  const setField = (key: string, right: FieldRight): void => onChange(cleaned({ ...value, fields: { ...value.fields, [key]: right } }))
  const [special, setSpecial] = useState(Object.keys(value.fields ?? {}).length > 0)
  const rights: { value: FieldRight; label: string }[] = [{ value: 'write', label: t('可改') }, { value: 'read', label: t('只读') }, { value: 'hide', label: t('看不到') }]
  const setEach = (each: boolean): void => {
    setSpecial(each)
    if (!each) onChange(cleaned({ ...value, fields: undefined }))
  }
  return (
    <div className="permission">
      <div className="permission-row"><span className="permission-word">{t('可以')}</span><Checkbox.Group value={value.can} options={ACTIONS.map(([key, label]) => ({ value: key, label: t(label) }))} onChange={(can) => onChange(cleaned({ ...value, can }))} /></div>
      <div className="permission-row"><span className="permission-word">{t('哪些记录')}</span><div className="grow"><Rows value={value} form={form} onChange={onChange} /></div></div>
      <div className="permission-row"><span className="permission-word">{t('哪些字段')}</span><Radio.Group value={special} onChange={(event) => setEach(event.target.value as boolean)} options={[{ value: false, label: t('全部可改') }, { value: true, label: t('逐个设置') }]} /></div>
      {special ? (
        <ul className="permission-fields">
          {form.fields.map((field) => {
            const right = value.fields?.[field.key] ?? every
            return <li key={field.key} className="row between"><span className="ellipsis">{pick(field, 'label') || field.key}</span><Segmented<FieldRight> size="small" value={right} options={rights} onChange={(next) => (every === 'write' ? setField(field.key, next) : onChange({ ...cleaned(value), fields: { ...value.fields, [field.key]: next } }))} /></li>
          })}
        </ul>
      ) : null}
    </div>
  )
}
