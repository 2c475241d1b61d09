/** The route as a tree: from above, the first match is taken; what a trial took is marked. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { useChannelName } from '../../components/use-channels'
import type { Branch, Place } from './model'
import { useReceiverName } from './receivers'

interface Props {
  branch: Branch
  place: Place
  selected: string
  taken: Set<string>
  onSelect: (place: Place) => void
  onAdd: (place: Place) => void
  onRemove: (place: Place) => void
  onMove: (place: Place, by: -1 | 1) => void
}

export const idOf = (place: Place): string => place.join('.')

export const BranchNode = ({ branch, place, ...rest }: Props) => {
  const { t } = useTranslation()
  const receiver = useReceiverName()
  const channel = useChannelName()
  const id = idOf(place)
  const title = branch.name || branch.match || (place.length === 0 ? t('全部预警') : t('其余的'))
  return (
    <li>
      <div className={`branch ${rest.selected === id ? 'selected' : ''} ${rest.taken.has(id) ? 'taken' : ''}`}>
        <button type="button" className="branch-body" aria-pressed={rest.selected === id} onClick={() => rest.onSelect(place)}>
          <strong className={branch.name || !branch.match ? '' : 'mono'}>{title}</strong>
          {branch.name && branch.match ? <code className="mono soft">{branch.match}</code> : null}
          <span className="branch-tags">
            {(branch.to ?? []).map((one) => <Tag key={one}>{receiver(one)}</Tag>)}
            {(branch.channels ?? []).map((one) => <Tag key={one} color="blue">{channel(one)}</Tag>)}
            {branch.continue ? <Tag color="gold">{t('继续往下')}</Tag> : null}
            {branch.escalate?.length ? <Tag color="volcano">{t('升级 {{n}} 步', { n: branch.escalate.length })}</Tag> : null}
            {branch.quiet?.length ? <Tag>{t('免打扰')}</Tag> : null}
          </span>
        </button>
        <span className="branch-tools">
          {place.length > 0 ? <Button size="small" type="text" icon={<ArrowUpOutlined />} aria-label={t('上移')} onClick={() => rest.onMove(place, -1)} /> : null}
          {place.length > 0 ? <Button size="small" type="text" icon={<ArrowDownOutlined />} aria-label={t('下移')} onClick={() => rest.onMove(place, 1)} /> : null}
          <Button size="small" type="text" icon={<PlusOutlined />} aria-label={t('加分支')} onClick={() => rest.onAdd(place)} />
          {place.length > 0 ? <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => rest.onRemove(place)} /> : null}
        </span>
      </div>
      {branch.routes?.length ? <ul className="branches">{branch.routes.map((inner, index) => <BranchNode key={index} {...rest} branch={inner} place={[...place, index]} />)}</ul> : null}
    </li>
  )
}
