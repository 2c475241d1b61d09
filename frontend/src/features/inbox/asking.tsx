/** What an action asks for before it is done: where to send it back, to whom, whom to add and how they count. */
import { Alert, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TodoDetail } from '../../api/types'
import { usePeople } from '../../components/person'
import { useMe } from '../../app/query'
import type { Decision } from './use-decide'

type Asked = Pick<Decision, 'to' | 'users' | 'kind' | 'mode' | 'resume'>

interface Props {
  op: string
  todo: TodoDetail
  asked: Asked
  onChange: (asked: Asked) => void
}

const Colleagues = ({ label, many, value, onChange }: { label: string; many: boolean; value: string | string[] | undefined; onChange: (value: string | string[]) => void }) => {
  const people = usePeople()
  const { user } = useMe()
  const options = (people.data?.items ?? []).filter((person) => person.key !== user.key && person.active !== false).map((person) => ({ value: person.key, label: person.name }))
  return <Select aria-label={label} placeholder={label} mode={many ? 'multiple' : undefined} value={value} onChange={onChange} showSearch={{ optionFilterProp: 'label' }} options={options} style={{ width: '100%' }} />
}

const Returning = ({ todo, asked, onChange }: Omit<Props, 'op'>) => {
  const { t } = useTranslation()
  const target = todo.returns.find((each) => each.node === asked.to) ?? todo.returns[0]
  return (
    <>
      <Select aria-label={t('退回到哪里')} value={asked.to ?? target?.node} onChange={(to) => onChange({ ...asked, to })} options={todo.returns.map((each) => ({ value: each.node, label: each.node === 'START' ? t('发起人 {{name}}（修改后重新提交）', { name: each.name }) : each.name }))} style={{ width: '100%' }} />
      {todo.resume === 'ask' ? (
        <Radio.Group className="asking-options" value={asked.resume ?? 'replay'} onChange={(event) => onChange({ ...asked, resume: event.target.value as string })} options={[{ value: 'replay', label: t('改好后大家重新审') }, { value: 'direct', label: t('改好后直接回到我这里') }, { value: 'changed', label: t('只有看到变化的人重审') }]} />
      ) : null}
      {target && target.not_undone.length > 0 ? <Alert type="warning" showIcon title={t('这些已经做了，退回不会撤销：{{names}}', { names: target.not_undone.join('、') })} /> : null}
    </>
  )
}

const Adding = ({ asked, onChange }: Pick<Props, 'asked' | 'onChange'>) => {
  const { t } = useTranslation()
  return (
    <>
      <Colleagues many label={t('加谁一起审')} value={asked.users ?? []} onChange={(users) => onChange({ ...asked, users: users as string[] })} />
      <Radio.Group className="asking-options" value={asked.kind ?? 'before'} onChange={(event) => onChange({ ...asked, kind: event.target.value as string })} options={[{ value: 'before', label: t('他们先审，再轮到我') }, { value: 'after', label: t('我同意了，再请他们审') }, { value: 'parallel', label: t('和我一起审，各算一票') }]} />
      {asked.kind !== 'parallel' && (asked.users?.length ?? 0) > 1 ? <Radio.Group className="asking-options" value={asked.mode ?? 'all'} onChange={(event) => onChange({ ...asked, mode: event.target.value as string })} options={[{ value: 'all', label: t('他们都要同意') }, { value: 'any', label: t('他们一人同意即可') }, { value: 'sequential', label: t('依次') }]} /> : null}
    </>
  )
}

const Asking = ({ op, todo, asked, onChange }: Props) => {
  const { t } = useTranslation()
  switch (op) {
    case 'return': return <Returning todo={todo} asked={asked} onChange={onChange} />
    case 'transfer': return <><p className="faint">{t('转交后由对方决定，不再回到你这里。')}</p><Colleagues many={false} label={t('转交给谁')} value={asked.to} onChange={(to) => onChange({ ...asked, to: to as string })} /></>
    case 'delegate': return <><p className="faint">{t('对方给出意见后回到你这里，由你决定。')}</p><Colleagues many={false} label={t('请谁给意见')} value={asked.to} onChange={(to) => onChange({ ...asked, to: to as string })} /></>
    case 'add_sign': return <Adding asked={asked} onChange={onChange} />
    case 'remove_sign': return <Select mode="multiple" aria-label={t('去掉谁')} placeholder={t('去掉谁')} value={asked.users ?? []} onChange={(users: string[]) => onChange({ ...asked, users })} options={todo.added.map((each) => ({ value: each.user, label: each.name }))} style={{ width: '100%' }} />
    case 'recall': return <p className="faint">{t('撤回后流程停下，可以改好再发起。')}</p>
    default: return null
  }
}

export default Asking

/** Whether everything that the action needs has been said. */
export const isComplete = (op: string, asked: Asked, comment: string): boolean => {
  if (op === 'transfer' || op === 'delegate') return Boolean(asked.to)
  if (op === 'add_sign' || op === 'remove_sign') return (asked.users?.length ?? 0) > 0
  return op === 'recall' || comment.trim() !== ''
}

export const withDefaults = (op: string, asked: Asked, todo: TodoDetail): Asked => {
  if (op === 'return') return { to: asked.to ?? todo.returns[0]?.node, ...(todo.resume === 'ask' ? { resume: asked.resume ?? 'replay' } : {}) }
  if (op === 'add_sign') return { users: asked.users, kind: asked.kind ?? 'before', ...(asked.kind === 'parallel' ? {} : { mode: asked.mode ?? 'all' }) }
  return asked
}
