/** A JSON Schema drawn as fields of an antd form: every settings panel comes from here. */
import { Form, Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { pick } from '../i18n'
import { type Property, propertiesOf, type Schema } from './schema'

const Field = ({ property, secretSet }: { property: Property; secretSet: boolean }) => {
  const { t } = useTranslation()
  return (
    <Form.Item
      name={[...property.path]}
      label={property.label}
      extra={pick(property.schema, 'description') || undefined}
      valuePropName={property.kind === 'boolean' ? 'checked' : 'value'}
      rules={property.required && !(property.kind === 'secret' && secretSet) ? [{ required: true, message: t('请填写{{label}}', { label: property.label }) }] : undefined}
    >
      <Control property={property} secretSet={secretSet} />
    </Form.Item>
  )
}

const Control = ({ property, secretSet, ...given }: { property: Property; secretSet: boolean }) => {
  const { t } = useTranslation()
  const { schema } = property
  switch (property.kind) {
    case 'boolean': return <Switch {...given} />
    case 'number': return <InputNumber {...given} min={schema.minimum} max={schema.maximum} style={{ width: '100%' }} />
    case 'choice': return <Select {...given} allowClear={!property.required} options={(schema.enum ?? []).map((value, index) => ({ value, label: schema['x-enum-titles']?.[index] ?? String(value) }))} />
    case 'list': return <Select {...given} mode="tags" open={false} suffixIcon={null} placeholder={t('输入后回车')} />
    case 'secret': return <Input.Password {...given} autoComplete="new-password" placeholder={secretSet ? t('已保存，不改就留空') : undefined} />
    case 'long': return <Input.TextArea {...given} autoSize={{ minRows: 2, maxRows: 8 }} />
    default: return <Input {...given} placeholder={schema.default === undefined ? undefined : String(schema.default)} />
  }
}

const NO_SECRETS: readonly string[] = []

export const SchemaFields = ({ schema, prefix, secretsSet = NO_SECRETS }: { schema: Schema; prefix: string; secretsSet?: readonly string[] }) => {
  useTranslation()
  return <>{propertiesOf(schema, [prefix]).map((property) => <Field key={property.path.join('.')} property={property} secretSet={secretsSet.includes(property.path.slice(1).join('.'))} />)}</>
}
