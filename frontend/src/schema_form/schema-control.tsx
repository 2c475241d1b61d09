/** One setting of a JSON Schema as a control with a value of its own: for panels that save while they are edited. */
import { Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { kindOf, type Schema } from './schema'

interface Props {
  schema: Schema
  label: string
  value: unknown
  onChange: (value: unknown) => void
  id?: string
  /** What to call the values of an enum. */
  words?: (value: string) => string
}

const orNothing = (text: string): string | undefined => (text === '' ? undefined : text)

export const SchemaControl = ({ schema, label, value, onChange, id, words = (word) => word }: Props) => {
  const { t } = useTranslation()
  switch (kindOf(schema)) {
    case 'boolean': return <Switch id={id} aria-label={label} size="small" checked={value === true} onChange={(next) => onChange(next ? true : undefined)} />
    case 'number': return <InputNumber id={id} aria-label={label} value={value as number | undefined} min={schema.minimum} max={schema.maximum} placeholder={schema.default === undefined ? undefined : String(schema.default)} onChange={(next) => onChange(next ?? undefined)} style={{ width: '100%' }} />
    case 'choice': return <Select id={id} aria-label={label} allowClear value={(value ?? schema.default) as string | undefined} options={(schema.enum ?? []).map((one) => ({ value: one, label: words(String(one)) }))} onChange={(next) => onChange(next)} style={{ width: '100%' }} />
    case 'list': return <Select id={id} aria-label={label} mode="tags" open={false} suffixIcon={null} placeholder={t('输入后回车')} value={Array.isArray(value) ? (value as string[]) : []} onChange={(next: string[]) => onChange(next.length > 0 ? next : undefined)} style={{ width: '100%' }} />
    case 'long': return <Input.TextArea id={id} aria-label={label} autoSize={{ minRows: 1, maxRows: 6 }} value={String(value ?? '')} onChange={(event) => onChange(orNothing(event.target.value))} />
    default: return <Input id={id} aria-label={label} value={String(value ?? '')} placeholder={schema.default === undefined ? undefined : String(schema.default)} onChange={(event) => onChange(orNothing(event.target.value))} />
  }
}
