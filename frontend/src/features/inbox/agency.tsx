/** Out of office: who decides for me, from when until when; and for whom I decide. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, DatePicker, Form, Modal, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { DefinitionItem, Page } from '../../api/types'
import { queryClient, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { usePeople } from '../../components/person'

interface Agency {
  id: number
  principal: string
  principal_name: string
  agent: string
  agent_name: string
  workflow: string | null
  starts_at: string
  ends_at: string
  active: boolean
}

interface Asked {
  agent: string
  during: [Dayjs, Dayjs]
  workflow?: string
}

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['agencies'] })

const AgencyModal = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const [form] = Form.useForm<Asked>()
  const people = usePeople()
  const workflows = useQuery({ queryKey: ['workflows'], queryFn: () => api.get<Page<DefinitionItem>>('/workflows') })
  const list = useQuery({ queryKey: ['agencies'], queryFn: () => api.get<Page<Agency>>('/agencies') })
  const add = useMutation({
    mutationFn: ({ agent, during, workflow }: Asked) => api.post('/agencies', { agent, starts_at: during[0].toISOString(), ends_at: during[1].toISOString(), workflow: workflow ?? null }),
    onSuccess: () => {
      void message.success(t('这段时间到的待办会给他'))
      form.resetFields()
      refresh()
    },
  })
  const end = useMutation({ mutationFn: (id: number) => api.delete(`/agencies/${id}`), onSuccess: refresh })
  const names = new Map((workflows.data?.items ?? []).map((item) => [item.key, item.name]))
  return (
    <Modal open title={t('不在的时候请人代理')} footer={null} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ during: [dayjs(), dayjs().add(3, 'day').endOf('day')] }} onFinish={(asked) => add.mutate(asked)}>
        <Form.Item name="agent" label={t('请谁代理')} rules={[{ required: true, message: t('请选人') }]}><Select showSearch={{ optionFilterProp: 'label' }} options={(people.data?.items ?? []).filter((person) => person.key !== user.key && person.active !== false).map((person) => ({ value: person.key, label: person.name }))} /></Form.Item>
        <Form.Item name="during" label={t('什么时间')} rules={[{ required: true }]}><DatePicker.RangePicker showTime={{ format: 'HH:mm' }} format="MM-DD HH:mm" style={{ width: '100%' }} /></Form.Item>
        <Form.Item name="workflow" label={t('哪些流程')}><Select allowClear placeholder={t('全部流程')} options={(workflows.data?.items ?? []).map((item) => ({ value: item.key, label: item.name }))} /></Form.Item>
        <Button type="primary" htmlType="submit" loading={add.isPending}>{t('请他代理')}</Button>
      </Form>
      <ul className="agencies">
        {(list.data?.items ?? []).map((one) => (
          <li key={one.id} className="row between">
            <span>{one.principal === user.key ? t('{{name}} 代我处理', { name: one.agent_name }) : t('我代 {{name}} 处理', { name: one.principal_name })} <span className="faint">{one.workflow ? names.get(one.workflow) ?? one.workflow : t('全部流程')} · <Moment at={one.starts_at} /> – <Moment at={one.ends_at} /></span></span>
            {one.principal === user.key ? <Button size="small" onClick={() => end.mutate(one.id)}>{t('结束')}</Button> : null}
          </li>
        ))}
      </ul>
    </Modal>
  )
}

export default AgencyModal
