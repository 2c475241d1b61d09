/** The board in groups: by rule, warehouse, SKU or owner; each group opens and closes. */
import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Episode } from '../../api/types'
import { ListFoot } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { LevelTag } from '../../components/status'
import type { List } from '../../components/use-list'
import { pick } from '../../i18n'
import { groupEpisodes } from './grouping'
import { Handling, subject } from './columns'

const Row = ({ item }: { item: Episode }) => {
  const { title, place } = subject(item)
  return (
    <Link className="group-row" to={`/alerts/${item.id}`}>
      <LevelTag level={item.level} />
      <span className="cell-two group-subject"><span className="strong ellipsis block">{title}</span><small>{place}</small></span>
      <span className="group-why soft num ellipsis" title={pick(item, 'explanation')}>{pick(item, 'explanation')}</span>
      <span className="group-when faint"><Moment at={item.started_at} /></span>
      <Handling item={item} />
    </Link>
  )
}

export const Groups = ({ list, by }: { list: List<Episode>; by: string }) => {
  const { t } = useTranslation()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const groups = useMemo(() => groupEpisodes(list.items, by), [list.items, by])
  const toggle = (key: string): void =>
    setClosed((previous) => {
      const next = new Set(previous)
      if (!next.delete(key)) next.add(key)
      return next
    })
  return (
    <div>
      {groups.map((group) => (
        <section key={group.key} className="group">
          <button type="button" className="group-head" aria-expanded={!closed.has(group.key)} onClick={() => toggle(group.key)}>
            {closed.has(group.key) ? <RightOutlined aria-hidden="true" /> : <DownOutlined aria-hidden="true" />}
            <span className="strong">{group.label || t('未填写')}</span>
            <span className="faint num">{t('{{n}} 条', { n: group.items.length })}</span>
            {group.critical > 0 ? <LevelTag level="critical" plain /> : null}
            {group.critical > 0 ? <span className="num faint">{group.critical}</span> : null}
          </button>
          {closed.has(group.key) ? null : group.items.map((item) => <Row key={item.id} item={item} />)}
        </section>
      ))}
      <ListFoot list={list} />
    </div>
  )
}
