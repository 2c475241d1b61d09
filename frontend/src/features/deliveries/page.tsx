/** Every notice that was sent: to whom, over which channel, and what became of it; per person and per alert. */
import { SendOutlined } from '@ant-design/icons'
import { Button, Segmented, Select } from 'antd'
import type { TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import type { Delivery, Page } from '../../api/types'
import { type Columns, ListView } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Person, usePeople } from '../../components/person'
import { Empty } from '../../components/states'
import { StateTag } from '../../components/status'
import { useChannelName, useChannelOptions } from '../../components/use-channels'
import { useList } from '../../components/use-list'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import './deliveries.css'
import { DeliveryDetail } from './detail'
import { Retry } from './retry'

const deliveryColumns = (t: TFunction, channel: (key: string) => string, open: (item: Delivery) => void): Columns<Delivery> => [
  { title: t('通知'), key: 'title', width: 320, render: (_, item) => <div className="cell-two"><button type="button" className="cell-title ellipsis block" onClick={() => open(item)}>{pick(item, 'title')}</button>{item.error ? <small title={item.error}>{item.error}</small> : null}</div> },
  { title: t('收件人'), key: 'recipient', width: 110, render: (_, item) => (item.recipient ? <Person of={item.recipient} /> : <span className="faint">{t('群或系统')}</span>) },
  { title: t('渠道'), key: 'channel', width: 130, render: (_, item) => channel(item.channel) },
  { title: t('状态'), key: 'state', width: 130, render: (_, item) => <StateTag state={item.state} /> },
  { title: t('次数'), dataIndex: 'attempts', align: 'right', width: 64 },
  { title: t('创建'), key: 'created', width: 124, render: (_, item) => <Moment at={item.created_at} /> },
  { title: t('送出'), key: 'sent', width: 124, render: (_, item) => <Moment at={item.sent_at} /> },
  { title: '', key: 'retry', width: 90, render: (_, item) => <Retry item={item} /> },
]

const STATES: [string, string][] = [['', '全部'], ['queued', '排队中'], ['accepted', '已受理'], ['delivered', '已送达'], ['acted', '已处理'], ['failed', '失败'], ['dead', '无法送达']]

interface Counted extends Page<Delivery> {
  counts?: Record<string, number>
}

const DeliveriesPage = () => {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const [open, setOpen] = useState<Delivery | null>(null)
  const channels = useChannelOptions()
  const channelName = useChannelName()
  const people = usePeople()
  const [state, recipient, channel, alert] = ['state', 'recipient', 'channel', 'alert'].map((name) => search.get(name) ?? '')
  const list = useList<Delivery>('/deliveries', { state, recipient, channel, alert })
  const counts = (list.first as Counted | undefined)?.counts ?? {}
  const columns = useMemo(() => deliveryColumns(t, channelName, setOpen), [t, channelName])
  const set = (name: string, value?: string): void => {
    const next = new URLSearchParams(search)
    if (value) next.set(name, value)
    else next.delete(name)
    setSearch(next, { replace: true })
  }
  const label = (value: string, word: string): string => (value && counts[value] ? `${t(word)} ${sayNumber(counts[value])}` : t(word))
  return (
    <div className="page">
      <PageHeader title={t('投递记录')} text={t('每一条通知发给谁、走哪个渠道、到没到、有没有人处理')} />
      <div className="card">
        <div className="toolbar">
          <Segmented value={state} onChange={(value) => set('state', String(value))} options={STATES.map(([value, word]) => ({ value, label: label(value, word) }))} />
          <span className="spacer" />
          {alert ? <Button onClick={() => set('alert')}>{t('只看预警 #{{n}}', { n: alert })} ✕</Button> : null}
          <Select allowClear showSearch optionFilterProp="label" placeholder={t('收件人')} style={{ minWidth: 130 }} value={recipient || undefined} onChange={(value?: string) => set('recipient', value)} options={(people.data?.items ?? []).map((user) => ({ value: user.key, label: user.name }))} />
          <Select allowClear placeholder={t('渠道')} style={{ minWidth: 140 }} value={channel || undefined} onChange={(value?: string) => set('channel', value)} options={channels} />
        </div>
        <ListView
          list={list}
          columns={columns}
          rowKey={(item) => item.id}
          width={1080}
          onOpen={setOpen}
          card={(item) => (
            <div className="card-row">
              <span className="row between"><button type="button" className="card-title cell-title" onClick={() => setOpen(item)}>{pick(item, 'title')}</button><StateTag state={item.state} /></span>
              <span className="card-meta">{item.recipient ? <Person of={item.recipient} /> : t('群或系统')} · {channelName(item.channel)} · <Moment at={item.created_at} /></span>
              {item.error ? <span className="soft">{item.error}</span> : null}
              <Retry item={item} />
            </div>
          )}
          empty={<Empty icon={<SendOutlined />} title={t('还没有发过通知')} text={t('规则报警、待办到达时会发通知，记录在这里。')} />}
        />
      </div>
      {open ? <DeliveryDetail id={open.id} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

export default DeliveriesPage
