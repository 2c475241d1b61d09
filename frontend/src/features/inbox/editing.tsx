/** The fields that the decision may change; loaded after the page, which is read first. */
import { Form } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Json, TodoField, Values } from '../../api/types'
import { FieldInput } from '../../components/field-input'
import { pick } from '../../i18n'

const same = (one: Json | undefined, other: Json): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** Reads what was changed; null while something is wrong. */
export type Reader = () => Promise<Values | null>

const Editing = ({ fields, onReady }: { fields: TodoField[]; onReady: (reader: Reader) => void }) => {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  useEffect(() => {
    const changed = (values: Values): Values => Object.fromEntries(fields.flatMap((field) => (same(values[field.key], field.value) ? [] : [[field.key, values[field.key] ?? null]])))
    onReady(() => form.validateFields().then(changed, () => null))
  }, [form, fields, onReady])
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="todo-write">
      {fields.map((field) => (
        <Form.Item key={field.key} name={field.key} label={field.unit ? `${pick(field, 'label')} (${field.unit})` : pick(field, 'label')} initialValue={field.value} rules={[{ required: field.required === true, message: t('请填写{{label}}', { label: pick(field, 'label') }) }]}>
          <FieldInput field={field} label={field.text ?? undefined} />
        </Form.Item>
      ))}
    </Form>
  )
}

export default Editing
