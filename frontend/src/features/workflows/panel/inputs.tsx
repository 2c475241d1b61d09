/** The small inputs of the panel: durations, values by expression, fields, steps, choices that name something. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormulaEditor } from '../../../components/formula/editor'
import { useFields } from '../../../components/formula/use-check'
import { type Length, readDuration, writeDuration } from '../../../lib/flow/words'
import { usePanel } from './context'
import { PersonInput } from './people'
import { type Choice, splitChoice } from './schema'

interface Given {
  value: unknown
  onChange: (value: unknown) => void
  label: string
}

export const DurationInput = ({ value, onChange, label }: Given) => {
  const { t } = useTranslation()
  const length: Length = readDuration(value) ?? { amount: 0, unit: 'H' }
  const unset = readDuration(value) === null
  const [unit, setUnit] = useState(length.unit)
  const shown = unset ? unit : length.unit
  return (
    <span className="row">
      <InputNumber aria-label={label} min={1} max={9999} precision={0} value={unset ? null : length.amount} onChange={(amount) => onChange(amount === null ? undefined : writeDuration({ amount, unit: shown }))} style={{ width: 96 }} />
      <Select aria-label={t('单位')} value={shown} onChange={(next) => { setUnit(next); if (!unset) onChange(writeDuration({ amount: length.amount, unit: next })) }} options={[{ value: 'M', label: t('分钟') }, { value: 'H', label: t('小时') }, { value: 'D', label: t('天') }]} style={{ width: 90 }} />
    </span>
  )
}

export const ExpressionInput = ({ value, onChange, label }: Given) => {
  const { words, readOnly } = usePanel()
  return <FormulaEditor value={value === undefined || value === null ? '' : String(value)} onChange={(source) => onChange(source.trim() === '' ? undefined : source)} words={words} label={label} readOnly={readOnly} />
}

export const FieldsInput = ({ value, onChange, label, extra = [] }: Given & { extra?: { value: string; label: string }[] }) => {
  const { t } = useTranslation()
  const { flow } = usePanel()
  const fields = useFields(flow.form ?? '')
  const options = [...extra, ...(fields.data ?? []).filter((field) => !field.path.includes('.')).map((field) => ({ value: field.path, label: field.label }))]
  return <Select mode="tags" aria-label={label} placeholder={t('选字段')} value={Array.isArray(value) ? (value as string[]) : []} onChange={(next) => onChange(next.length > 0 ? next : undefined)} options={options} showSearch={{ optionFilterProp: 'label' }} style={{ width: '100%' }} />
}

/** Steps of this workflow by name. */
export const NodesInput = ({ value, onChange, label, many = true }: Given & { many?: boolean }) => {
  const { t } = useTranslation()
  const { flow, node } = usePanel()
  const options = Object.entries(flow.nodes).filter(([id, each]) => id !== node && !['start', 'end', 'terminate', 'cc', 'notify'].includes(each.type)).map(([id, each]) => ({ value: id, label: each.name ?? id }))
  return <Select mode={many ? 'multiple' : undefined} aria-label={label} placeholder={t('选步骤')} value={many ? (Array.isArray(value) ? (value as string[]) : []) : typeof value === 'string' && value !== '' ? value : undefined} onChange={(next: string | string[]) => onChange(Array.isArray(next) && next.length === 0 ? undefined : next)} options={options} style={{ width: '100%' }} />
}

/** One of some choices; those that end in a colon ask for whom or where. */
export const ChoiceInput = ({ value, onChange, label, choices, fallback }: Given & { choices: readonly Choice[]; fallback?: unknown }) => {
  const [pending, setPending] = useState<Choice | null>(null)
  const now = splitChoice(value ?? fallback, choices)
  const choice = pending ?? now.choice
  const take = (key: string): void => {
    const next = choices.find((each) => each.value === key)
    setPending(next?.open ? next : null)
    if (next && !next.open) onChange(next.value === fallback ? undefined : next.value)
  }
  const name = (rest: string): void => {
    setPending(null)
    onChange(`${choice?.value ?? ''}${rest}`)
  }
  const person = choice?.value === 'user:' || choice?.value === 'transfer:'
  return (
    <span className="stack tight">
      <Select aria-label={label} value={choice?.value} onChange={take} options={choices.map(({ value: key, label: said }) => ({ value: key, label: said }))} style={{ width: '100%' }} />
      {choice?.open ? person ? <PersonInput label={choice.label} value={pending ? undefined : now.rest} onChange={name} /> : <NodesInput label={choice.label} many={false} value={pending ? undefined : now.rest} onChange={(next) => name(String(next))} /> : null}
    </span>
  )
}

const nextName = (values: Record<string, unknown>, names: readonly string[]): string => names.find((name) => !(name in values)) ?? `field_${Object.keys(values).length + 1}`

/** Field by field what is written into it; a sub-form takes rows of the same. */
export const ValuesInput = ({ value, onChange, label, form }: Given & { form: string }) => {
  const { t } = useTranslation()
  const fields = useFields(form)
  const values = (value ?? {}) as Record<string, unknown>
  const plain = (fields.data ?? []).filter((field) => !field.path.includes('.'))
  const set = (name: string, next: unknown): void => onChange({ ...values, [name]: next ?? '' })
  const rename = (from: string, to: string): void => onChange(Object.fromEntries(Object.entries(values).map(([name, each]) => [name === from ? to : name, each])))
  const remove = (gone: string): void => onChange(Object.fromEntries(Object.entries(values).filter(([name]) => name !== gone)))
  return (
    <div className="values">
      {Object.entries(values).map(([name, each]) => (
        <div key={name} className="values-row">
          <div className="row">
            {plain.length > 0 ? <Select aria-label={t('写到哪个字段')} value={name} onChange={(next) => rename(name, next)} showSearch={{ optionFilterProp: 'label' }} options={plain.map((field) => ({ value: field.path, label: field.label, disabled: field.path in values && field.path !== name }))} className="grow" /> : <Input aria-label={t('名字')} defaultValue={name} onBlur={(event) => { if (event.target.value && event.target.value !== name) rename(name, event.target.value) }} className="grow" />}
            <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => remove(name)} />
          </div>
          {Array.isArray(each) ? each.map((row, index) => <div key={index} className="values-inner"><ValuesInput form="" label={name} value={row} onChange={(next) => set(name, each.map((other, place) => (place === index ? next : other)))} /></div>) : <ExpressionInput value={each} onChange={(next) => set(name, next)} label={t('{{name}} 的取值', { name })} />}
        </div>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => set(nextName(values, plain.map((field) => field.path)), '')}>{t('加一项')}</Button>
      <span className="visually-hidden">{label}</span>
    </div>
  )
}

/** Settings that have no control of their own, as JSON; kept only while it can be read. */
export const JsonInput = ({ value, onChange, label }: Given) => {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)))
  const [wrong, setWrong] = useState(false)
  const write = (next: string): void => {
    setText(next)
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next))
      setWrong(false)
    } catch {
      setWrong(true)
    }
  }
  return <Input.TextArea aria-label={label} className="mono" status={wrong ? 'error' : undefined} autoSize={{ minRows: 2, maxRows: 10 }} value={text} onChange={(event) => write(event.target.value)} />
}
