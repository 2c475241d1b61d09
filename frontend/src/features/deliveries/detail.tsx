/** One notice from end to end: queued, accepted, delivered, acted on or failed, with the provider's own words at each step. */
import { useQuery } from '@tanstack/react-query'
import { Descriptions, Drawer, Steps } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { Delivery } from '../../api/types'
import { Moment } from '../../components/moment'
import { CardSkeleton, Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { useChannelName } from '../../components/use-channels'
import { pick } from '../../i18n'
import { Retry } from './retry'

interface Attempt {
  attempt: number
  at: string
  outcome: string
  code: string
  text: string
}

interface Detail extends Delivery {
  attempts_made: Attempt[]
}

const ORDER = ['queued', 'accepted', 'delivered', 'acted']
const BROKEN = new Set(['failed', 'dead'])
const OPS: Record<string, string> = { approve: '同意', reject: '拒绝', return: '退回', complete: '完成', acknowledge: '跟进', transfer: '转交' }

const Way = ({ item }: { item: Detail }) => {
  const { t } = useTranslation()
  const reached = item.acted_at ? 3 : Math.max(0, ORDER.indexOf(item.state))
  const broken = BROKEN.has(item.state)
  const words = [t('排队中'), t('已受理'), t('已送达'), t('已处理')]
  return (
    <Steps
      size="small"
      responsive={false}
      titlePlacement="vertical"
      current={broken ? 1 : reached}
      status={broken ? 'error' : reached === 3 ? 'finish' : 'process'}
      items={words.map((title, index) => ({ title: broken && index === 1 ? t('失败') : title }))}
    />
  )
}

export const DeliveryDetail = ({ id, onClose }: { id: string | number; onClose: () => void }) => {
  const { t } = useTranslation()
  const name = useChannelName()
  const detail = useQuery({ queryKey: ['delivery', id], queryFn: () => api.get<Detail>(`/deliveries/${id}`) })
  const item = detail.data
  return (
    <Drawer open size={560} title={item ? pick(item, 'title') : t('投递记录')} onClose={onClose} extra={item ? <Retry item={item} /> : null}>
      {detail.isPending ? <CardSkeleton /> : null}
      {detail.isError ? <Failed error={detail.error} retry={() => void detail.refetch()} /> : null}
      {item ? (
        <div className="delivery-detail">
          <Way item={item} />
          <Descriptions
            column={1}
            size="small"
            items={[
              { key: 'who', label: t('收件人'), children: item.recipient_name || t('群或系统') },
              { key: 'how', label: t('渠道'), children: `${name(item.channel)}${item.address ? ` · ${item.address}` : ''}` },
              { key: 'at', label: t('创建'), children: <Moment at={item.created_at} /> },
              ...(item.state === 'queued' && item.due_at ? [{ key: 'due', label: t('下次发送'), children: <Moment at={item.due_at} /> }] : []),
              ...(item.sent_at ? [{ key: 'sent', label: t('送出'), children: <Moment at={item.sent_at} /> }] : []),
              ...(item.acted_at ? [{ key: 'acted', label: t('处理'), children: <span>{t(OPS[item.acted_op ?? ''] ?? item.acted_op ?? '')} · <Moment at={item.acted_at} /></span> }] : []),
              ...(item.provider_id ? [{ key: 'id', label: t('对方编号'), children: <code className="mono prewrap">{item.provider_id}</code> }] : []),
              ...(item.alert ? [{ key: 'alert', label: t('预警'), children: <Link to={`/alerts/${item.alert}`}>{t('打开预警')}</Link> }] : []),
            ]}
          />
          <h3>{t('每次尝试')}</h3>
          {item.attempts_made.length === 0 ? <p className="faint">{t('还没有发送过')}</p> : null}
          <ul className="timeline">
            {item.attempts_made.map((one, index) => (
              <li key={index} className={one.outcome === 'accepted' || one.outcome === 'delivered' || one.outcome === 'acted' ? 'good' : one.outcome === 'permanent' || one.outcome === 'failed' ? 'critical' : 'warning'}>
                <div><StateTag state={one.outcome} plain /> {one.attempt > 0 ? <span className="soft">{t('第 {{n}} 次', { n: one.attempt })}</span> : null}</div>
                <div className="when"><Moment at={one.at} /></div>
                {one.code || one.text ? <div className="quote mono">{[one.code, one.text].filter(Boolean).join(' · ')}</div> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </Drawer>
  )
}
