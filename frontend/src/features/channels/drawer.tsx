/** One channel: its settings from its own schema, a test, the callback address, and what came back through it. */
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Divider, Drawer, Form, Input, Popconfirm, Select, Switch, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { ChannelType } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { ProblemList } from '../../components/problems'
import { pick } from '../../i18n'
import { filledIn, type Schema } from '../../schema_form/schema'
import { SchemaFields } from '../../schema_form/schema-fields'
import { Reports } from './reports'
import { TestChannel } from './test'
import { typeOf } from '../../lib/channels'
import type { Channel } from './types'

interface Answers {
  type: string
  name: string
  enabled: boolean
  settings?: Record<string, unknown>
}

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['channels'] })

const freeKey = (wanted: string, taken: Set<string>): string => {
  let [key, number] = [wanted, 2]
  while (taken.has(key)) {
    key = `${wanted}_${number}`
    number += 1
  }
  return key
}

interface Props {
  channel: Channel | null
  types: ChannelType[]
  taken: Set<string>
  onClose: () => void
}

export const ChannelDrawer = ({ channel, types, taken, onClose }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Answers>()
  const type = Form.useWatch('type', form) ?? channel?.type
  const chosen = types.find((item) => typeOf(item) === type)
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (answers: Answers) => api.put(`/channels/${channel?.key ?? freeKey(answers.type, taken)}`, { ...answers, settings: filledIn(answers.settings) }),
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
    <Drawer open size={560} title={channel ? channel.name : t('接通一个渠道')} onClose={onClose} extra={<Button type="primary" loading={save.isPending} onClick={() => form.submit()}>{t('保存')}</Button>}>
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
      {channel ? (
        <>
          <Divider titlePlacement="start" plain>{t('试一下')}</Divider>
          <TestChannel channel={channel} />
          {channel.hook_url ? (
            <>
              <Divider titlePlacement="start" plain>{t('回调')}</Divider>
              <p className="soft">{t('把这个地址填到对方后台，回执、回复和卡片点击才回得来：')}</p>
              <Typography.Paragraph copyable={{ text: channel.hook_url }} className="mono prewrap">{channel.hook_url}</Typography.Paragraph>
              <Reports channel={channel.key} />
            </>
          ) : null}
          <Divider />
          <Popconfirm title={t('删除这个渠道？')} okText={t('删除')} onConfirm={() => remove.mutate()}><Button danger type="text">{t('删除')}</Button></Popconfirm>
        </>
      ) : null}
    </Drawer>
  )
}
