/** Work the plan out again: within which budget, for which service, moving first or not. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, InputNumber, Modal, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { PlanRun } from './types'

interface Wish {
  budget: number | null
  level: number | null
  move: boolean
}

export const MakeDialog = ({ last, onClose }: { last: PlanRun | null; onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [form] = Form.useForm<Wish>()
  const make = useMutation({
    mutationFn: (wish: Wish) => api.post('/plans', { budget: wish.budget ?? null, move: wish.move, service_level: wish.level ? wish.level / 100 : null }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['plan'] })
      onClose()
    },
  })
  const initial: Wish = { budget: last?.settings.budget ?? null, level: (last?.settings.document.service_level ?? 0.95) * 100, move: last?.settings.move ?? true }
  return (
    <Modal open title={t('计算补货计划')} okText={t('计算')} cancelText={t('取消')} confirmLoading={make.isPending} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <Form form={form} layout="vertical" initialValues={initial} onFinish={(wish) => make.mutate(wish)}>
        <Form.Item name="budget" label={t('采购预算（元）')} extra={t('不填表示不限；填了就在预算内挑预期利润最高的买')}><InputNumber min={0} style={{ width: '100%' }} /></Form.Item>
        <Form.Item name="level" label={t('服务水平（%）')} extra={t('到下一批货到之前，有多大把握不断货')}><InputNumber min={50} max={99.9} style={{ width: '100%' }} /></Form.Item>
        <Form.Item name="move" label={t('先调拨再采购')} valuePropName="checked"><Switch /></Form.Item>
      </Form>
    </Modal>
  )
}
