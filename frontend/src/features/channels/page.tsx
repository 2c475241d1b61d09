/** Notification channels: what is connected and how it stands; set one up, send a test, see what came back. */
import { ApiOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page } from '../../api/types'
import { useCatalog } from '../../components/formula/use-check'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { Status } from '../../components/status'
import { pick } from '../../i18n'
import { BudgetCard } from './budget'
import './channels.css'
import { ChannelDrawer } from './drawer'
import { ReachabilityCard } from './reachability'
import { typeOf } from '../../lib/channels'
import type { Channel } from './types'

const ACTS: Record<string, string> = {
  mailbox: '站内处理', email: '链接 · 一键退订', aliyun_sms: '回复 1 / 2 / 3', tencent_sms: '回复 1 / 2 / 3', twilio_sms: '链接 · 回复', wecom_bot: '链接',
  wecom_app: '卡片按钮 · 链接', wechat_oa: '链接', dingtalk_robot: '卡片链接', dingtalk_card: '卡片按钮 · 链接', feishu_bot: '卡片链接', feishu_app: '卡片按钮 · 链接',
  wxpusher: '链接', webhook: '由接收方决定',
}

const State = ({ channel }: { channel: Channel }) => {
  const { t } = useTranslation()
  if ((channel.problems?.length ?? 0) > 0) return <Status tone="critical">{t('设置有问题')}</Status>
  if (!channel.enabled) return <Status tone="unknown">{t('已停用')}</Status>
  if (channel.breaker?.state === 'open') return <Status tone="critical">{t('连续失败 {{n}} 次，暂歇中', { n: channel.breaker.failures })}</Status>
  if (channel.breaker && channel.breaker.state !== 'closed') return <Status tone="warning">{t('正在试探恢复')}</Status>
  if (channel.breaker) return <Status tone="warning">{t('最近有失败')}</Status>
  return <Status tone="good">{t('已启用')}</Status>
}

const ChannelsPage = () => {
  const { t } = useTranslation()
  const catalog = useCatalog()
  const [open, setOpen] = useState<Channel | 'new' | null>(null)
  const channels = useQuery({ queryKey: ['channels'], queryFn: () => api.get<Page<Channel>>('/channels') })
  const types = (catalog.data?.channels ?? []).filter((type) => typeOf(type) !== 'mailbox')
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
              <span className="grow">
                <button type="button" className="cell-title" disabled={channel.type === 'mailbox'} onClick={() => setOpen(channel)}>{channel.name}</button>
                <small className="faint block">{pick(catalog.data?.channels.find((type) => typeOf(type) === channel.type), 'title') || channel.type} · {t(ACTS[channel.type] ?? '链接')}</small>
              </span>
              <State channel={channel} />
              {channel.type === 'mailbox' ? null : <Button onClick={() => setOpen(channel)}>{t('设置与测试')}</Button>}
            </li>
          ))}
        </ul>
      </div>
      <ReachabilityCard />
      <BudgetCard />
      {open ? <ChannelDrawer channel={open === 'new' ? null : open} types={types} taken={new Set(items.map((item) => item.key))} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

export default ChannelsPage
