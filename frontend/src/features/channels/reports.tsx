/** What the provider reported last: receipts, replies, clicks, and what came of each. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page } from '../../api/types'
import { Moment } from '../../components/moment'
import { CardSkeleton } from '../../components/states'
import { Status, type Tone } from '../../components/status'

interface Report {
  id: number
  kind: 'delivered' | 'failed' | 'reply' | 'action'
  at: string
  address: string
  text: string
  person: string
  result: string
  done: boolean
}

const KINDS: Record<Report['kind'], [Tone, string]> = { delivered: ['good', '已送达'], failed: ['critical', '失败'], reply: ['info', '回复'], action: ['info', '点击'] }

export const Reports = ({ channel }: { channel: string }) => {
  const { t } = useTranslation()
  const reports = useQuery({ queryKey: ['callbacks', channel], queryFn: () => api.get<Page<Report>>(`/channels/${channel}/callbacks`) })
  if (reports.isPending) return <CardSkeleton lines={2} />
  const items = reports.data?.items ?? []
  if (items.length === 0) return <p className="faint">{t('还没有收到过回调。把上面的地址填到对方后台后，回执与点击会出现在这里。')}</p>
  return (
    <ul className="reports">
      {items.map((item) => {
        const [tone, word] = KINDS[item.kind]
        return (
          <li key={item.id}>
            <span className="row between"><Status tone={tone}>{t(word)}</Status><span className="faint"><Moment at={item.at} /></span></span>
            <span>{item.person || item.address} {item.text ? <q>{item.text}</q> : null}</span>
            {item.result ? <small className="soft">{item.result}</small> : null}
            {item.done ? null : <small className="soft">{t('等待对应的发送记录')}</small>}
          </li>
        )
      })}
    </ul>
  )
}
