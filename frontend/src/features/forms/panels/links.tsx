/** Settings about other forms: which form a link points to, which fields are copied, which series is drawn; and packs of a unit. */
import { ArrowLeftOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { Definition, FormDefinition, FormField, FormItem, Page } from '../../../api/types'
import { pick } from '../../../i18n'

export const useForms = () => useQuery({ queryKey: ['forms'], queryFn: () => api.get<Page<FormItem & { name_en?: string }>>('/forms') })

export const useOtherForm = (key: string | undefined) =>
  useQuery({ queryKey: ['form', key], queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${key}`), enabled: Boolean(key), staleTime: 300_000 })

export const FormPicker = ({ value, onChange, own, id }: { value: string | undefined; onChange: (form: string) => void; own: { key: string; name: string }; id?: string }) => {
  const { t } = useTranslation()
  const forms = useForms()
  const others = (forms.data?.items ?? []).filter((form) => form.storage !== 'facts' && form.status !== 'draft' && form.key !== own.key).map((form) => ({ value: form.key, label: pick(form, 'name') }))
  return <Select id={id} aria-label={t('关联表单')} showSearch={{ optionFilterProp: 'label' }} loading={forms.isPending} placeholder={t('选一张有“编码”字段的表单')} value={value || undefined} onChange={onChange} options={[...others, { value: own.key, label: t('{{form}}（本表单）', { form: own.name }) }]} style={{ width: '100%' }} />
}

interface CopyProps {
  value: Record<string, string>
  onChange: (value: Record<string, string>) => void
  source: string | undefined
  fields: readonly FormField[]
  own: string
}

const COMPUTED = new Set(['formula', 'auto_number', 'sparkline', 'sub_form'])

/** Which field here takes which field there. */
export const CopyMap = ({ value, onChange, source, fields, own }: CopyProps) => {
  const { t } = useTranslation()
  const other = useOtherForm(source)
  const theirs = (other.data?.definition?.fields ?? []).filter((field) => field.type !== 'sub_form').map((field) => ({ value: field.key, label: pick(field, 'label') }))
  const free = fields.filter((field) => field.key !== own && !COMPUTED.has(field.type) && !(field.key in value))
  const pairs = Object.entries(value)
  const first = free[0]
  return (
    <div className="stack tight">
      {pairs.map(([target, from]) => (
        <div key={target} className="row">
          <Select size="small" aria-label={t('填到本表单的字段')} value={target} options={[...free, ...fields.filter((field) => field.key === target)].map((field) => ({ value: field.key, label: pick(field, 'label') }))} onChange={(next: string) => onChange(Object.fromEntries(pairs.map(([key, one]) => (key === target ? [next, one] : [key, one]))))} style={{ flex: 1, minWidth: 0 }} />
          <ArrowLeftOutlined className="faint" aria-hidden="true" />
          <Select size="small" aria-label={t('来源字段')} value={from || undefined} options={theirs} placeholder={t('来源字段')} onChange={(next: string) => onChange({ ...value, [target]: next })} style={{ flex: 1, minWidth: 0 }} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => onChange(Object.fromEntries(pairs.filter(([key]) => key !== target)))} />
        </div>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} disabled={!first || !source} onClick={() => first && onChange({ ...value, [first.key]: theirs.find((one) => one.label === pick(first, 'label'))?.value ?? '' })}>{t('带出一个字段')}</Button>
    </div>
  )
}

export const SeriesPicker = ({ value, onChange }: { value: string | undefined; onChange: (value: string) => void }) => {
  const { t } = useTranslation()
  const forms = useForms()
  const facts = (forms.data?.items ?? []).filter((form) => form.storage === 'facts')
  const first = useOtherForm(facts[0]?.key)
  const second = useOtherForm(facts[1]?.key)
  const options = [first, second].flatMap((found) => (found.data?.definition?.fields ?? []).filter((field) => ['number', 'quantity', 'money'].includes(field.type)).map((field) => ({ value: `${found.data?.key}.${field.key}`, label: `${found.data?.name} · ${pick(field, 'label')}` })))
  return <Select aria-label={t('数据')} value={value} options={options} onChange={onChange} placeholder={t('哪一列的每日曲线')} style={{ width: '100%' }} />
}

export const PacksEditor = ({ value, unit, onChange }: { value: { unit: string; size: number }[]; unit: string; onChange: (value: { unit: string; size: number }[] | undefined) => void }) => {
  const { t } = useTranslation()
  const put = (index: number, patch: Partial<{ unit: string; size: number }>): void => onChange(value.map((pack, at) => (at === index ? { ...pack, ...patch } : pack)))
  return (
    <div className="stack tight">
      {value.map((pack, index) => (
        <div key={index} className="row">
          <span className="faint">1</span>
          <Input size="small" aria-label={t('包装单位')} value={pack.unit} onChange={(event) => put(index, { unit: event.target.value })} style={{ width: 72 }} />
          <span className="faint">=</span>
          <InputNumber size="small" aria-label={t('每包数量')} min={0} value={pack.size} onChange={(size) => put(index, { size: size ?? 1 })} suffix={unit} style={{ flex: 1 }} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => onChange(value.length > 1 ? value.filter((_, at) => at !== index) : undefined)} />
        </div>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...value, { unit: t('箱'), size: 12 }])}>{t('加一种包装')}</Button>
    </div>
  )
}
