/** An alert as a card on the phone. */
import { Link } from 'react-router'
import type { Episode } from '../../api/types'
import { Moment } from '../../components/moment'
import { LevelTag, StateTag } from '../../components/status'
import { pick } from '../../i18n'
import { Handling, subject } from './columns'

export const AlertCard = ({ item }: { item: Episode }) => {
  const { title, place } = subject(item)
  return (
    <Link className="card-row" to={`/alerts/${item.id}`}>
      <span className="row between">{item.state === 'firing' ? <LevelTag level={item.level} /> : <StateTag state={item.state} />}<span className="card-meta"><Moment at={item.started_at} /></span></span>
      <span className="card-title">{title}</span>
      <span className="soft num">{pick(item, 'explanation')}</span>
      <span className="card-meta">{place}{item.task || item.acknowledged ? <Handling item={item} /> : null}</span>
    </Link>
  )
}
