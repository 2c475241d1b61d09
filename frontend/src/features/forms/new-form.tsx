/** A new form: a name is enough; its key comes from the name's pinyin. */
import { useMutation } from '@tanstack/react-query'
import { Form, Input, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { Definition, FormDefinition } from '../../api/types'
import { queryClient } from '../../app/query'
import { freeKey } from '../../lib/form/editing'
import { keyFrom } from '../../lib/form/pinyin'

interface Named {
  name: string
  key?: string
}

export const freshKeyOf = (name: string, taken: readonly string[]): string => freeKey(keyFrom(name) || 'form', taken)

/** Save the first draft of a form and go to the designer. */
export const useCreateForm = () => {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (definition: FormDefinition) => {
      await api.put(`/forms/${definition.key}/draft`, { definition })
      return definition.key
    },
    onSuccess: (key) => {
      void queryClient.invalidateQueries({ queryKey: ['forms'] })
      void navigate(`/forms/${key}/design`)
    },
  })
}

const copied = async (copyOf: string): Promise<Partial<FormDefinition>> => {
  const found = await api.get<Definition<FormDefinition>>(`/forms/${copyOf}`)
  const { system: _system, ...rest } = (found.draft?.definition ?? found.definition) as FormDefinition
  return rest
}

export const NewForm = ({ copyOf, taken, onClose }: { copyOf?: string; taken: readonly string[]; onClose: () => void }) => {
  const { t } = useTranslation()
  const [fields] = Form.useForm<Named>()
  const create = useCreateForm()
  const name = Form.useWatch('name', fields) ?? ''
  const submit = async ({ name: given, key }: Named): Promise<void> => {
    const base: Partial<FormDefinition> = copyOf ? await copied(copyOf) : { kind: 'form', schema_version: 1, fields: [] }
    create.mutate({ fields: [], ...base, key: key || freshKeyOf(given, taken), name: given, name_en: undefined })
  }
  return (
    <Modal open title={copyOf ? t('复制表单') : t('新建表单')} okText={t('开始设计')} confirmLoading={create.isPending} onCancel={onClose} onOk={() => fields.submit()}>
      <Form form={fields} layout="vertical" onFinish={(values) => void submit(values)}>
        <Form.Item name="name" label={t('表单名称')} rules={[{ required: true, message: t('请给表单起个名字') }]}><Input autoFocus maxLength={200} placeholder={t('比如：商品、门店、质检单')} /></Form.Item>
        <Form.Item name="key" label={t('表单标识')} extra={t('接口和数据表用它，建好后不能改')} rules={[{ pattern: /^[a-z][a-z0-9_]{0,54}$/, message: t('小写字母开头，只用小写字母、数字和下划线') }, { validator: (_rule, value: string | undefined) => (value && taken.includes(value) ? Promise.reject(new Error(t('这个标识已经有表单用了'))) : Promise.resolve()) }]}><Input className="mono" placeholder={name ? freshKeyOf(name, taken) : 'goods'} /></Form.Item>
      </Form>
    </Modal>
  )
}
