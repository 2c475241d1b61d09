/** What happened to an alert, newest first, and which notices went out. */
import { useTranslation } from 'react-i18next'
import type { AlertEvent, Delivery } from '../../api/types'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { levelName, StateTag } from '../../components/status'

const EVENTS: Record<string, [string, string]> = {
  pending: ['开始观察', ''],
  fired: ['触发', 'critical'],
  changed: ['级别变化', 'warning'],
  repeat: ['再次提醒', 'warning'],
  repeated: ['再次提醒', 'warning'],
  resolved: ['恢复', 'good'],
  acknowledged: ['认领', 'info'],
  snoozed: ['暂停提醒', ''],
  escalated: ['升级', 'warning'],
  task: ['生成补货任务', 'info'],
  task_created: ['生成补货任务', 'info'],
}

export const History = ({ events }: { events: AlertEvent[] }) => {
  const { t } = useTranslation()
  return (
    <section className="card pad">
      <h2 className="card-title-inline">{t('经过')}</h2>
      <ul className="timeline">
        {events.map((event, index) => {
          const [word, tone] = EVENTS[event.event] ?? [event.event, '']
          return (
            <li key={index} className={tone}>
              <div>{t(word)}{event.level ? <span className="soft"> · {t(levelName(event.level))}</span> : null}{event.by && event.by !== 'system' ? <span className="soft"> · <Person of={event.by} /></span> : null}</div>
              <div className="when"><Moment at={event.at} /></div>
              {event.note ? <div className="quote">{event.note}</div> : null}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const CHANNELS: Record<string, string> = { mailbox: '站内消息', email: '邮件', wecom_app: '企业微信', wecom_bot: '企业微信群', dingtalk: '钉钉', feishu: '飞书', sms: '短信', webhook: 'Webhook' }

export const channelName = (channel: string): string => CHANNELS[channel] ?? channel

export const DeliveryList = ({ deliveries }: { deliveries: Delivery[] }) => {
  const { t } = useTranslation()
  if (deliveries.length === 0) return null
  return (
    <section className="card pad">
      <h2 className="card-title-inline">{t('通知')}</h2>
      <ul className="deliveries">
        {deliveries.map((delivery) => (
          <li key={delivery.id}>
            <span className="grow"><span className="strong"><Person of={delivery.recipient} /></span> <span className="faint">{t(channelName(delivery.channel))}</span></span>
            <StateTag state={delivery.state} plain />
          </li>
        ))}
      </ul>
    </section>
  )
}
