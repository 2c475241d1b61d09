/** A node's settings drawn from its type's JSON Schema. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { DefinitionItem, Page } from '../../../api/types'
import { useForms, useWorkflows } from '../../../components/flow/names'
import { usePanel } from './context'
import { ChoiceInput, DurationInput, ExpressionInput, FieldsInput, JsonInput, NodesInput, ValuesInput } from './inputs'
import { PeopleInput } from './people'
import { applies, choicesOf, helpOf, kindOf, type Setting, titleOf } from './schema'

type Values = Record<string, unknown>

interface FieldProps {
  name: string
  setting: Setting
  values: Values
  onChange: (patch: Values) => void
}

interface ControlProps {
  setting: Setting
  label: string
  value: unknown
  values: Values
  onChange: (value: unknown) => void
}

const Named = ({ noun, value, onChange, label, first = [] }: { noun: string; value: unknown; onChange: (value: unknown) => void; label: string; first?: { value: string; label: string }[] }) => {
  const items = useQuery({ queryKey: [noun], queryFn: () => api.get<Page<DefinitionItem>>(`/${noun}`), staleTime: 60_000 })
  return <Select allowClear aria-label={label} value={value || undefined} onChange={onChange} showSearch={{ optionFilterProp: 'label' }} options={[...first, ...(items.data?.items ?? []).map((item) => ({ value: item.key, label: item.name }))]} style={{ width: '100%' }} />
}

const FormInput = ({ value, onChange, label }: Omit<ControlProps, 'setting' | 'values'>) => {
  const forms = useForms()
  return <Select aria-label={label} value={value || undefined} onChange={onChange} showSearch={{ optionFilterProp: 'label' }} options={(forms.data?.items ?? []).map((item) => ({ value: item.key, label: item.name }))} style={{ width: '100%' }} />
}

const WorkflowInput = ({ value, onChange, label }: Omit<ControlProps, 'setting' | 'values'>) => {
  const { flow } = usePanel()
  const workflows = useWorkflows()
  return <Select aria-label={label} value={value || undefined} onChange={onChange} options={(workflows.data?.items ?? []).filter((item) => item.key !== flow.key).map((item) => ({ value: item.key, label: item.name }))} style={{ width: '100%' }} />
}

const Rows = ({ setting, value, onChange }: ControlProps) => {
  const { t } = useTranslation()
  const rows = Array.isArray(value) ? (value as Values[]) : []
  const properties = setting.items?.properties ?? {}
  const put = (next: Values[]): void => onChange(next.length > 0 ? next : undefined)
  const fresh = (): Values => (('action' in properties) ? { after: 'PT4H', action: 'remind' } : { to: [] })
  return (
    <div className="stack tight">
      {rows.map((row, index) => (
        <div key={index} className="setting-row">
          <SettingsFields properties={properties} names={Object.keys(properties)} values={row} onChange={(patch) => put(rows.map((other, place) => (place === index ? clean({ ...other, ...patch }) : other)))} />
          <Button size="small" type="text" icon={<DeleteOutlined />} onClick={() => put(rows.filter((_, place) => place !== index))}>{t('删除')}</Button>
        </div>
      ))}
      <Button type="dashed" icon={<PlusOutlined />} onClick={() => put([...rows, fresh()])}>{t('加一条')}</Button>
    </div>
  )
}

const clean = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const RequiredInput = ({ value, onChange }: Pick<ControlProps, 'value' | 'onChange'>) => {
  const { t } = useTranslation()
  const given = (value ?? {}) as Record<string, string[]>
  const put = (op: string, next: unknown): void => {
    const all = clean({ ...given, [op]: next })
    onChange(Object.keys(all).length > 0 ? all : undefined)
  }
  return (
    <div className="stack tight">
      {([['approve', t('同意时')], ['reject', t('驳回时')], ['return', t('退回时')]] as const).map(([op, label]) => (
        <div key={op} className="row"><span className="required-op soft">{label}</span><FieldsInput label={label} value={given[op]} onChange={(next) => put(op, next)} extra={[{ value: 'comment', label: t('意见') }]} /></div>
      ))}
    </div>
  )
}

const Control = (props: ControlProps): ReactNode => {
  const { setting, label, value, onChange, values } = props
  const { t } = useTranslation()
  const given = { value, onChange, label }
  switch (kindOf(setting)) {
    case 'people': return <PeopleInput {...given} />
    case 'expression': return <ExpressionInput {...given} />
    case 'values': return <ValuesInput {...given} form={String(values.form ?? '')} />
    case 'fields': return <FieldsInput {...given} />
    case 'nodes': return <NodesInput {...given} />
    case 'required': return <RequiredInput {...given} />
    case 'form': return <FormInput {...given} />
    case 'workflow': return <WorkflowInput {...given} />
    case 'policy': return <Named {...given} noun="policies" first={[{ value: 'default', label: t('默认补货策略') }]} />
    case 'message': return <Named {...given} noun="message-templates" />
    case 'duration': return <DurationInput {...given} />
    case 'choice': return <ChoiceInput {...given} choices={choicesOf(setting) ?? []} fallback={setting.default} />
    case 'choices': return <Select mode="multiple" aria-label={label} placeholder={t('全部')} value={Array.isArray(value) ? (value as string[]) : []} onChange={(next: string[]) => onChange(next.length > 0 ? next : undefined)} options={choicesOf(setting.items ?? {}) ?? []} style={{ width: '100%' }} />
    case 'rows': return <Rows {...props} />
    case 'words': return <Select mode="tags" aria-label={label} open={false} suffixIcon={null} placeholder={t('输入后回车')} value={Array.isArray(value) ? (value as string[]) : []} onChange={(next: string[]) => onChange(next.length > 0 ? next : undefined)} style={{ width: '100%' }} />
    case 'boolean': return <Switch aria-label={label} checked={(value ?? setting.default) === true} onChange={(next) => onChange(next === setting.default ? undefined : next)} />
    case 'integer':
    case 'number': return <InputNumber aria-label={label} min={setting.minimum} max={setting.maximum} value={(value ?? setting.default ?? null) as number | null} onChange={(next) => onChange(next ?? undefined)} style={{ width: '100%' }} />
    case 'object': return <JsonInput {...given} />
    default: return <Input aria-label={label} value={value === undefined || value === null ? '' : String(value)} placeholder={setting.default === undefined ? undefined : String(setting.default)} onChange={(event) => onChange(event.target.value || undefined)} />
  }
}

const Field = ({ name, setting, values, onChange }: FieldProps) => {
  const label = titleOf(setting, name)
  return (
    <Form.Item label={label} extra={helpOf(setting)} className="setting">
      <Control setting={setting} label={label} value={values[name]} values={values} onChange={(value) => onChange({ [name]: value })} />
    </Form.Item>
  )
}

export const SettingsFields = ({ properties, names, values, onChange }: { properties: Record<string, Setting>; names: readonly string[]; values: Values; onChange: (patch: Values) => void }) => (
  <>
    {names.map((name) => {
      const setting = properties[name]
      return setting && applies(setting, values, properties) ? <Field key={name} name={name} setting={setting} values={values} onChange={onChange} /> : null
    })}
  </>
)
