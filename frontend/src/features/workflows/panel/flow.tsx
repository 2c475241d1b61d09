/** The workflow itself: its form, and the rules that hold for every step. */
import { Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useForms } from '../../../components/flow/names'
import type { Flow, FlowPolicy } from '../../../lib/flow/model'
import { readDuration } from '../../../lib/flow/words'
import { edit } from '../store'
import { usePanel } from './context'
import { FieldsInput } from './inputs'

const clean = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T

const change = (patch: Partial<Flow>): void => edit((now) => clean({ ...now, ...patch }), `flow:${Object.keys(patch).join()}`)

export const FlowPanel = () => {
  const { t } = useTranslation()
  const { flow, readOnly } = usePanel()
  const forms = useForms()
  const policy = flow.policy ?? {}
  const rule = (patch: Partial<FlowPolicy>): void => change({ policy: clean({ ...policy, ...patch }) })
  const urge = readDuration(policy.urge_every ?? 'PT30M')
  return (
    <Form layout="vertical" className="flow-form" disabled={readOnly}>
      <Form.Item label={t('办的是哪张表单')}><Select aria-label={t('办的是哪张表单')} allowClear placeholder={t('不带表单')} value={flow.form} onChange={(form: string | undefined) => change({ form })} showSearch={{ optionFilterProp: 'label' }} options={(forms.data?.items ?? []).map((item) => ({ value: item.key, label: item.name }))} /></Form.Item>
      <Form.Item label={t('说明')}><Input.TextArea aria-label={t('说明')} autoSize={{ minRows: 2, maxRows: 5 }} value={flow.description ?? ''} onChange={(event) => change({ description: event.target.value || undefined })} /></Form.Item>
      <Form.Item label={t('发起人能不能撤回')}><Select aria-label={t('发起人能不能撤回')} value={policy.recall ?? 'before_first'} onChange={(recall) => rule({ recall })} options={[{ value: 'never', label: t('不能') }, { value: 'before_first', label: t('还没有人处理时可以') }, { value: 'anytime', label: t('没办完都可以') }]} /></Form.Item>
      <Form.Item label={t('同一个人前面同意过')}><Select aria-label={t('同一个人前面同意过')} value={policy.dedupe ?? 'none'} onChange={(dedupe) => rule({ dedupe })} options={[{ value: 'none', label: t('仍要再审') }, { value: 'consecutive', label: t('上一步就是他，自动通过') }, { value: 'earlier', label: t('前面同意过，自动通过') }]} /></Form.Item>
      <Form.Item label={t('这些字段改过就要重审')} extra={t('改过以后，前面的同意不再算数。')}><FieldsInput label={t('这些字段改过就要重审')} value={policy.watch} onChange={(watch) => rule({ watch: watch as string[] | undefined })} /></Form.Item>
      <Form.Item label={t('办完以后能不能撤销')}><Select aria-label={t('办完以后能不能撤销')} value={policy.revoke === 'never' ? 'never' : 'approvers'} onChange={(revoke: 'never' | 'approvers') => rule({ revoke })} options={[{ value: 'never', label: t('不能') }, { value: 'approvers', label: t('原审批人同意就可以') }]} /></Form.Item>
      <Form.Item label={t('同一个人多久能催一次（分钟）')}><InputNumber aria-label={t('同一个人多久能催一次（分钟）')} min={1} max={10_080} value={urge ? urge.amount * (urge.unit === 'D' ? 1440 : urge.unit === 'H' ? 60 : 1) : 30} onChange={(minutes) => rule({ urge_every: minutes ? `PT${minutes}M` : undefined })} style={{ width: '100%' }} /></Form.Item>
    </Form>
  )
}
