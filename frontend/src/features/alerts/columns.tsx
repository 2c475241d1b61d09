/** What a row of the board says. */
import type { TFunction } from 'i18next'
import { Link } from 'react-router'
import type { Episode } from '../../api/types'
import type { Columns } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { LevelTag, StateTag } from '../../components/status'
import { pick } from '../../i18n'

/** The thing an alert is about, and where: "A001 珍珠耳环", "华东仓". */
export const subject = (item: Episode): { title: string; place: string } => {
  const labels = { ...item.keys, ...item.labels }
  const { sku, warehouse, ...rest } = labels
  const others = Object.values(rest)
  return { title: sku ?? others.shift() ?? String(item.id), place: [warehouse, ...others].filter(Boolean).join(' · ') }
}

export const Handling = ({ item }: { item: Episode }) => {
  if (item.task) return <StateTag state={item.task.status} />
  if (item.acknowledged) return <span className="soft"><Person of={item.acknowledged.by} /></span>
  if (item.snoozed_until) return <StateTag state="snoozed" />
  return <span className="faint">—</span>
}

export const alertColumns = (t: TFunction): Columns<Episode> => [
  { title: t('级别'), dataIndex: 'level', width: 88, render: (_, item) => (item.state === 'firing' ? <LevelTag level={item.level} /> : <StateTag state={item.state} />) },
  {
    title: t('商品'),
    key: 'subject',
    width: 220,
    render: (_, item) => {
      const { title, place } = subject(item)
      return <div className="cell-two"><Link className="cell-title ellipsis block" to={`/alerts/${item.id}`}>{title}</Link><small>{place}</small></div>
    },
  },
  {
    title: t('为什么'),
    key: 'why',
    width: 360,
    render: (_, item) => <div className="cell-two"><span className="num ellipsis block" title={pick(item, 'explanation')}>{pick(item, 'explanation')}</span><small>{item.rule.name}</small></div>,
  },
  { title: t('开始'), dataIndex: 'started_at', width: 124, render: (_, item) => <Moment at={item.started_at} /> },
  { title: t('处理'), key: 'task', width: 108, render: (_, item) => <Handling item={item} /> },
]
