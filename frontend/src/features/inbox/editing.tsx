/** The fields that the decision may change; loaded after the page, which is read first. */
import { Form } from 'antd'
import { useEffect } from 'react'
import type { TodoField, Values } from '../../api/types'
import { FieldInput } from '../../components/field-input'
import { pick } from '../../i18n'

/** Reads what was filled in; null while something is wrong. */
export type Reader = () => Promise<Values | null>

const Editing = ({ fields, onReady }: { fields: TodoField[]; onReady: (reader: Reader) => void }) => {
  const [form] = Form.useForm<Values>()
  useEffect(() => {
    onReady(() => form.validateFields().catch(() => null))
  }, [form, onReady])
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="todo-write">
      {fields.map((field) => (
        <Form.Item key={field.key} name={field.key} label={field.unit ? `${pick(field, 'label')} (${field.unit})` : pick(field, 'label')} initialValue={field.value} rules={[{ required: field.key === 'quantity' }]}>
          <FieldInput field={field} label={field.text ?? undefined} />
        </Form.Item>
      ))}
    </Form>
  )
}

export default Editing
