/** Notification channels: set one up from its own schema, send a test message, see what is wrong with it. */
import { ApiOutlined, PlusOutlined, SendOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Form, Input, Popconfirm, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { ChannelType, Page, Problem } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { useCatalog } from '../../components/formula/use-check'
import { PageHeader } from '../../components/page-header'
import { ProblemList } from '../../components/problems'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { Status } from '../../components/status'
import { pick } from '../../i18n'
import { type Schema } from '../../schema_form/schema'
import { filledIn } from '../../schema_form/schema'
import { SchemaFields } from '../../schema_form/schema-fields'
import '../records/records.css'

interface Channel {
  key: string
  type: string
  name: string
  enabled: boolean
  settings: Record<string, unknown>
  secrets_set?: string[]
  problems?: Problem[]
  hook_url?: string | null
}

interface Answers {
  type: string
  name: string
  enabled: boolean
  settings?: Record<string, unknown>
}

export const typeOf = (type: ChannelType): string => type.type ?? type.key ?? type.name ?? ''

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['channels'] })

const ChannelDrawer = ({ channel, types, taken, onClose }: { channel: Channel | null; types: ChannelType[]; taken: Set<string>; onClose: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Answers>()
  const type = Form.useWatch('type', form) ?? channel?.type
  const chosen = types.find((item) => typeOf(item) === type)
  const keyFor = (wanted: string): string => {
    let [key, number] = [wanted, 2]
    while (taken.has(key)) {
      key = `${wanted}_${number}`
      number += 1
    }
    return key
  }
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (answers: Answers) => api.put(`/channels/${channel?.key ?? keyFor(answers.type)}`, { ...answers, settings: filledIn(answers.settings) }),
    onSuccess: () => {
      void message.success(t('已保存'))
      refresh()
      onClose()
    },
  })
  const remove = useMutation({
    mutationFn: () => api.delete(`/channels/${channel?.key}`),
    onSuccess: () => {
      refresh()
      onClose()
    },
  })
  const problems = save.error instanceof ApiError ? save.error.problems : (channel?.problems ?? [])
  return (
    <Drawer open size={520} title={channel ? channel.name : t('接通一个渠道')} onClose={onClose} extra={<Button type="primary" loading={save.isPending} onClick={() => form.submit()}>{t('保存')}</Button>}>
      <Form<Answers> form={form} layout="vertical" initialValues={channel ?? { enabled: true }} onFinish={(answers) => save.mutate(answers)}>
        <Form.Item name="type" label={t('渠道')} rules={[{ required: true, message: t('选一个渠道') }]}>
          <Select disabled={channel !== null} options={types.map((item) => ({ value: typeOf(item), label: pick(item, 'title') }))} onChange={(next: string) => form.setFieldValue('name', pick(types.find((item) => typeOf(item) === next), 'title'))} />
        </Form.Item>
        <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('起个名字') }]}><Input /></Form.Item>
        {chosen ? <SchemaFields schema={chosen.schema as unknown as Schema} prefix="settings" secretsSet={channel?.secrets_set} /> : null}
        <Form.Item name="enabled" label={t('启用')} valuePropName="checked"><Switch /></Form.Item>
      </Form>
      {save.isError ? <Alert type="error" showIcon title={errorText(save.error)} /> : null}
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      {channel?.hook_url ? <p className="soft">{t('回调地址（填到对方后台）：')}<span className="mono prewrap">{channel.hook_url}</span></p> : null}
      {channel ? <Popconfirm title={t('删除这个渠道？')} okText={t('删除')} onConfirm={() => remove.mutate()}><Button danger type="text">{t('删除')}</Button></Popconfirm> : null}
    </Drawer>
  )
}

interface TestAnswer {
  outcomes: { state: string }[]
  explanation: string
  explanation_en: string
}

const Test = ({ channel }: { channel: Channel }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const test = useMutation({
    mutationFn: () => api.post<TestAnswer>(`/channels/${channel.key}/test`),
    onSuccess: (answer) => void (answer.outcomes.every((outcome) => outcome.state === 'accepted') ? message.success(pick(answer, 'explanation')) : message.warning(pick(answer, 'explanation'))),
  })
  return <Button icon={<SendOutlined />} loading={test.isPending} onClick={() => test.mutate()}>{t('发一条试试')}</Button>
}

const ChannelsPage = () => {
  const { t } = useTranslation()
  const catalog = useCatalog()
  const [open, setOpen] = useState<Channel | 'new' | null>(null)
  const channels = useQuery({ queryKey: ['channels'], queryFn: () => api.get<Page<Channel>>('/channels') })
  const types = (catalog.data?.channels ?? []).filter((type) => typeOf(type) !== 'mailbox' && typeOf(type) !== 'console')
  const items = channels.data?.items ?? []
  const add = <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('接通一个渠道')}</Button>
  return (
    <div className="page narrow">
      <PageHeader title={t('通知渠道')} text={t('群机器人、邮箱、企业微信、短信……接通后规则就能把通知发过去')} actions={add} />
      <div className="card">
        {channels.isPending ? <CardSkeleton /> : null}
        {channels.isError ? <Failed error={channels.error} retry={() => void channels.refetch()} /> : null}
        {channels.isSuccess && items.length === 0 ? <Empty icon={<ApiOutlined />} title={t('还没有接通渠道')} action={add} /> : null}
        <ul className="cards">
          {items.map((channel) => (
            <li key={channel.key} className="channel-row">
              <span className="form-icon" aria-hidden="true"><ApiOutlined /></span>
              <span className="grow"><button type="button" className="cell-title" disabled={channel.type === 'mailbox'} onClick={() => setOpen(channel)}>{channel.name}</button><small className="faint block">{pick(catalog.data?.channels.find((type) => typeOf(type) === channel.type), 'title') || channel.type}</small></span>
              {(channel.problems?.length ?? 0) > 0 ? <Status tone="critical">{t('设置有问题')}</Status> : channel.enabled ? <Status tone="good">{t('已启用')}</Status> : <Status tone="unknown">{t('已停用')}</Status>}
              {channel.type === 'mailbox' ? null : <Test channel={channel} />}
            </li>
          ))}
        </ul>
      </div>
      {open ? <ChannelDrawer channel={open === 'new' ? null : open} types={types} taken={new Set(items.map((item) => item.key))} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

export default ChannelsPage
