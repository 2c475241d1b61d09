/** The editors that bring a list or a calendar with them; loaded when a form shows one. */
import { useQuery } from '@tanstack/react-query'
import { DatePicker, Segmented, Select, TimePicker } from 'antd'
import dayjs from 'dayjs'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Page, RecordItem, User } from '../api/types'
import { editorOf, linkTarget, optionList } from '../lib/fields'
import type { FieldInputProps } from './field-input'

const recordLabel = (record: RecordItem): string => {
  const code = String(record.values.code ?? record.id)
  const name = record.values.name ?? record.values.title
  return name ? `${code} ${String(name)}` : code
}

const LinkInput = ({ field, value, onChange, label, autoFocus, id, onBlur }: FieldInputProps) => {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const deferred = useDeferredValue(word)
  const form = linkTarget(field)
  const found = useQuery({
    queryKey: ['options', form, deferred],
    queryFn: () => api.get<Page<RecordItem>>(`/forms/${form}/records`, { q: deferred, limit: 30 }),
    enabled: form !== null,
    placeholderData: (previous) => previous,
    staleTime: 60_000,
  })
  const options = (found.data?.items ?? []).map((record) => ({ value: String(record.values.code ?? record.id), label: recordLabel(record) }))
  const several = Array.isArray(value) ? (value as string[]) : []
  const code = typeof value === 'string' && value ? value : undefined
  if (field.multiple) {
    const unknown = several.filter((one) => !options.some((option) => option.value === one)).map((one) => ({ value: one, label: one }))
    return <Select id={id} mode="multiple" autoFocus={autoFocus} onBlur={onBlur} showSearch={{ filterOption: false, onSearch: setWord }} value={several} placeholder={t('搜索编码或名称')} loading={found.isFetching} onChange={(next: string[]) => onChange?.(next)} options={[...unknown, ...options]} style={{ width: '100%' }} />
  }
  if (code && !options.some((option) => option.value === code)) options.unshift({ value: code, label: label ?? code })
  return <Select id={id} autoFocus={autoFocus} onBlur={onBlur} allowClear={!field.required} showSearch={{ filterOption: false, onSearch: setWord }} value={code} placeholder={t('搜索编码或名称')} loading={found.isFetching} onChange={(next: string | undefined) => onChange?.(next ?? null)} options={options} style={{ width: '100%' }} />
}

const TimeInput = ({ value, onChange, id, autoFocus, onBlur }: FieldInputProps) => (
  <TimePicker id={id} autoFocus={autoFocus} onBlur={onBlur} format="HH:mm" needConfirm={false} value={typeof value === 'string' && value ? dayjs(`2000-01-01T${value}`) : null} onChange={(next) => onChange?.(next && !Array.isArray(next) ? next.format('HH:mm:ss') : null)} style={{ width: '100%' }} />
)

interface Department {
  key: string
  name: string
}

const DepartmentInput = ({ field, value, onChange, id }: FieldInputProps) => {
  const { t } = useTranslation()
  const departments = useQuery({ queryKey: ['departments'], queryFn: () => api.get<Page<Department>>('/departments'), staleTime: 300_000, retry: false })
  const options = departments.data?.items.map((one) => ({ value: one.key, label: one.name })) ?? []
  const given = Array.isArray(value) ? (value as string[]) : typeof value === 'string' && value ? [value] : []
  return <Select id={id} allowClear mode={field.multiple ? 'multiple' : undefined} showSearch={{ optionFilterProp: 'label' }} value={field.multiple ? given : given[0]} placeholder={t('选择部门')} onChange={(next: string | string[] | undefined) => onChange?.(next ?? null)} options={options} style={{ width: '100%' }} />
}

const MemberInput = ({ field, value, onChange, id }: FieldInputProps) => {
  const { t } = useTranslation()
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<User>>('/users'), staleTime: 300_000, retry: false })
  const options = users.data?.items.map((user) => ({ value: user.key, label: user.name })) ?? []
  const given = Array.isArray(value) ? (value as string[]) : typeof value === 'string' && value ? [value] : []
  return <Select id={id} allowClear mode={field.multiple ? 'multiple' : undefined} showSearch={{ optionFilterProp: 'label' }} value={field.multiple ? given : given[0]} placeholder={t('选择成员')} onChange={(next: string | string[] | undefined) => onChange?.(next ?? null)} options={options} style={{ width: '100%' }} />
}

const DateInput = ({ value, onChange, id, field, autoFocus, onBlur }: FieldInputProps) => {
  const withTime = editorOf(field) === 'datetime'
  return (
    <DatePicker
      id={id}
      autoFocus={autoFocus}
      onBlur={onBlur}
      showTime={withTime ? { format: 'HH:mm' } : false}
      value={typeof value === 'string' && value ? dayjs(value) : null}
      onChange={(next) => onChange?.(next ? (withTime ? next.toISOString() : next.format('YYYY-MM-DD')) : null)}
      style={{ width: '100%' }}
    />
  )
}

const ChoiceInput = ({ field, value, onChange, autoFocus, id, onBlur }: FieldInputProps) => {
  const options = optionList(field.options)
  const chosen = typeof value === 'string' && value ? value : undefined
  if ((field.display === 'radio' || field.display === 'tag') && options.length <= 6) return <span id={id}><Segmented options={options} value={chosen ?? ''} onChange={(next: string) => onChange?.(next === chosen && !field.required ? null : next)} /></span>
  return <Select id={id} autoFocus={autoFocus} onBlur={onBlur} allowClear={!field.required} showSearch={options.length > 8 ? { optionFilterProp: 'label' } : undefined} value={chosen} placeholder={field.placeholder} onChange={(next: string | undefined) => onChange?.(next ?? null)} options={options} style={{ width: '100%' }} />
}

const ChoicesInput = ({ field, value, onChange, id }: FieldInputProps) => <Select id={id} mode={field.options ? 'multiple' : 'tags'} value={Array.isArray(value) ? (value as string[]) : []} onChange={(next: string[]) => onChange?.(next)} options={optionList(field.options)} style={{ width: '100%' }} />

const Picker = (props: FieldInputProps) => {
  switch (editorOf(props.field)) {
    case 'date':
    case 'datetime':
      return <DateInput {...props} />
    case 'choice':
      return <ChoiceInput {...props} />
    case 'choices':
      return <ChoicesInput {...props} />
    case 'member':
      return <MemberInput {...props} />
    case 'department':
      return <DepartmentInput {...props} />
    case 'time':
      return <TimeInput {...props} />
    default:
      return <LinkInput {...props} />
  }
}

export default Picker
