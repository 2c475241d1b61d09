/** Every notice that was sent: to whom, over which channel, and what became of it. */
import { ReloadOutlined, SendOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Segmented } from 'antd'
import type { TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { Delivery } from '../../api/types'
import { queryClient } from '../../app/query'
import { type Columns, ListView } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { StateTag } from '../../components/status'
import { useList } from '../../components/use-list'
import { pick } from '../../i18n'
import { channelName } from '../alerts/history'

const FAILED = new Set(['failed', 'dead', 'permanent'])

const Retry = ({ item }: { item: Delivery }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const retry = useMutation({
    mutationFn: () => api.post(`/deliveries/${item.id}/retry`),
    onSuccess: () => {
      void message.success(t('马上再发一次'))
      void queryClient.invalidateQueries({ queryKey: ['list', '/deliveries'] })
    },
  })
  return FAILED.has(item.state) ? <Button size="small" icon={<ReloadOutlined />} loading={retry.isPending} onClick={() => retry.mutate()}>{t('重发')}</Button> : null
}

const deliveryColumns = (t: TFunction): Columns<Delivery> => [
  { title: t('通知'), key: 'title', width: 300, render: (_, item) => <div className="cell-two">{item.alert ? <Link className="cell-title ellipsis block" to={`/alerts/${item.alert}`}>{pick(item, 'title')}</Link> : <span className="ellipsis block">{pick(item, 'title')}</span>}{item.error ? <small title={item.error}>{item.error}</small> : null}</div> },
  { title: t('收件人'), key: 'recipient', width: 110, render: (_, item) => <Person of={item.recipient} /> },
  { title: t('渠道'), key: 'channel', width: 100, render: (_, item) => t(channelName(item.channel)) },
  { title: t('状态'), key: 'state', width: 110, render: (_, item) => <StateTag state={item.state} /> },
  { title: t('次数'), dataIndex: 'attempts', align: 'right', width: 64 },
  { title: t('创建'), key: 'created', width: 124, render: (_, item) => <Moment at={item.created_at} /> },
  { title: t('送出'), key: 'sent', width: 124, render: (_, item) => <Moment at={item.sent_at} /> },
  { title: '', key: 'retry', width: 90, render: (_, item) => <Retry item={item} /> },
]

const DeliveryCard = ({ item }: { item: Delivery }) => {
  const { t } = useTranslation()
  return (
    <div className="card-row">
      <span className="row between"><span className="card-title">{item.title}</span><StateTag state={item.state} /></span>
      <span className="card-meta"><Person of={item.recipient} /> · {t(channelName(item.channel))} · <Moment at={item.created_at} /></span>
      {item.error ? <span className="soft">{item.error}</span> : null}
      <Retry item={item} />
    </div>
  )
}

const STATES: [string, string][] = [['', '全部'], ['queued', '排队中'], ['accepted', '已送达'], ['failed', '失败'], ['dead', '无法送达']]

const DeliveriesPage = () => {
  const { t } = useTranslation()
  const [state, setState] = useState('')
  const list = useList<Delivery>('/deliveries', { state })
  const columns = useMemo(() => deliveryColumns(t), [t])
  return (
    <div className="page">
      <PageHeader title={t('投递记录')} text={t('每一条通知发给谁、走哪个渠道、到没到')} />
      <div className="card">
        <div className="toolbar"><Segmented value={state} onChange={(value) => setState(String(value))} options={STATES.map(([value, label]) => ({ value, label: t(label) }))} /></div>
        <ListView list={list} columns={columns} rowKey={(item) => item.id} width={980} card={(item) => <DeliveryCard item={item} />} empty={<Empty icon={<SendOutlined />} title={t('还没有发过通知')} text={t('规则报警、待办到达时会发通知，记录在这里。')} />} />
      </div>
    </div>
  )
}

export default DeliveriesPage
