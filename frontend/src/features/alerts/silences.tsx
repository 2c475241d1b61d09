/** Silences: for a time the alerts of a rule, of an SKU or a warehouse tell nobody; they go on being recorded. */
import { BellOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Select, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page, RecordItem, RuleItem } from '../../api/types'
import { can, errorText, queryClient, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Person } from '../../components/person'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { Status } from '../../components/status'
import { usePhone } from '../../components/use-phone'

interface Silence {
  id: number
  rule: string | null
  keys: Record<string, string>
  comment: string
  created_by: string
  starts_at: string
  ends_at: string
  on: boolean
}

interface Wanted {
  rule?: string
  sku?: string
  warehouse?: string
  hours: number
  comment?: string
}

const HOUR = 3_600_000

const useRecords = (form: string, word = '') => useQuery({ queryKey: ['options', form, word], queryFn: () => api.get<Page<RecordItem>>(`/forms/${form}/records`, { q: word, limit: 50 }), staleTime: 60_000, placeholderData: (previous) => previous })

const options = (items: RecordItem[] | undefined) => (items ?? []).map((item) => ({ value: String(item.values.code), label: `${String(item.values.code)} ${String(item.values.name ?? '')}` }))

const useRules = () => useQuery({ queryKey: ['rules'], queryFn: () => api.get<Page<RuleItem>>('/rules') })

const NewSilence = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [fields] = Form.useForm<Wanted>()
  const [word, setWord] = useState('')
  const [rules, skus, warehouses] = [useRules(), useRecords('sku', word), useRecords('warehouse')]
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: ({ rule, sku, warehouse, hours, comment }: Wanted) => {
      const keys = Object.fromEntries(Object.entries({ sku, warehouse }).filter(([, value]) => value)) as Record<string, string>
      return api.post('/silences', { ...(rule ? { rule } : {}), ...(Object.keys(keys).length > 0 ? { keys } : {}), ...(comment ? { comment } : {}), ends_at: new Date(Date.now() + hours * HOUR).toISOString() })
    },
    onSuccess: () => {
      void message.success(t('已静默'))
      void queryClient.invalidateQueries({ queryKey: ['silences'] })
      onClose()
    },
  })
  const spans: [number, string][] = [[4, t('4 小时')], [24, t('1 天')], [72, t('3 天')], [168, t('7 天')], [720, t('30 天')]]
  return (
    <Modal open title={t('新建静默')} okText={t('静默')} confirmLoading={save.isPending} onCancel={onClose} onOk={() => fields.submit()}>
      <Form form={fields} layout="vertical" initialValues={{ hours: 24 }} onFinish={(values) => save.mutate(values)}>
        <Form.Item name="rule" label={t('哪条规则')}><Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('所有规则')} options={rules.data?.items.map((rule) => ({ value: rule.key, label: rule.name }))} /></Form.Item>
        <Form.Item name="sku" label={t('哪个商品')}><Select allowClear showSearch={{ filterOption: false, onSearch: setWord }} placeholder={t('所有商品')} options={options(skus.data?.items)} /></Form.Item>
        <Form.Item name="warehouse" label={t('哪个仓库')}><Select allowClear placeholder={t('所有仓库')} options={options(warehouses.data?.items)} /></Form.Item>
        <Form.Item name="hours" label={t('多久')}><Select options={spans.map(([value, label]) => ({ value, label }))} /></Form.Item>
        <Form.Item name="comment" label={t('原因')}><Input maxLength={1000} placeholder={t('例如 盘点中，数字不准')} /></Form.Item>
      </Form>
      {save.isError ? <p className="critical">{errorText(save.error)}</p> : null}
    </Modal>
  )
}

const Silences = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const phone = usePhone()
  const [adding, setAdding] = useState(false)
  const list = useQuery({ queryKey: ['silences'], queryFn: () => api.get<Page<Silence>>('/silences') })
  const rules = useRules()
  const end = useMutation({ mutationFn: (id: number) => api.delete(`/silences/${id}`), onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['silences'] }) })
  const mayAct = can(user.roles, 'operator', 'designer')
  const what = (item: Silence): string => [item.rule ? (rules.data?.items.find((rule) => rule.key === item.rule)?.name ?? item.rule) : t('所有规则'), ...Object.values(item.keys)].join(' · ')
  const add = mayAct ? <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('新建静默')}</Button> : null
  const state = (item: Silence) => (item.on ? <Status tone="info" icon={<BellOutlined />}>{t('静默中')}</Status> : <Status tone="unknown">{t('还没开始')}</Status>)
  const stop = (item: Silence) => (mayAct ? <Button type="text" size="small" loading={end.isPending && end.variables === item.id} onClick={() => end.mutate(item.id)}>{t('结束')}</Button> : null)
  return (
    <div className="page">
      <PageHeader back={{ to: '/alerts', label: t('预警') }} title={t('静默')} text={t('一段时间内不打扰人；预警照常记录。')} actions={add} />
      <div className="card">
        {list.isPending ? <TableSkeleton rows={4} /> : null}
        {list.isError ? <Failed error={list.error} retry={() => void list.refetch()} /> : null}
        {list.data?.items.length === 0 ? <Empty icon={<BellOutlined />} title={t('没有静默')} text={t('盘点、搬仓、清仓的时候，可以让某个仓库或商品安静几天。')} action={add} /> : null}
        {list.data && list.data.items.length > 0 ? (
          phone ? (
            <ul className="cards">{list.data.items.map((item) => <li key={item.id} className="card-row"><span className="row between">{state(item)}{stop(item)}</span><span className="card-title">{what(item)}</span><span className="soft">{item.comment}</span><span className="card-meta">{t('到')} <Moment at={item.ends_at} /></span></li>)}</ul>
          ) : (
            <Table<Silence>
              rowKey="id"
              size="middle"
              pagination={false}
              dataSource={list.data.items}
              columns={[
                { title: t('什么'), key: 'what', render: (_, item) => <span className="strong">{what(item)}</span> },
                { title: t('状态'), key: 'on', width: 130, render: (_, item) => state(item) },
                { title: t('到什么时候'), key: 'ends', width: 170, render: (_, item) => <Moment at={item.ends_at} /> },
                { title: t('原因'), dataIndex: 'comment', render: (_, item) => item.comment || <span className="faint">—</span> },
                { title: t('谁'), key: 'by', width: 120, render: (_, item) => <Person of={item.created_by} /> },
                { title: '', key: 'end', width: 90, render: (_, item) => stop(item) },
              ]}
            />
          )
        ) : null}
      </div>
      {adding ? <NewSilence onClose={() => setAdding(false)} /> : null}
    </div>
  )
}

export default Silences
