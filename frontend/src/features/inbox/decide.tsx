/** The decision: approve at one tap, or say why not; what needs more is asked for in place. */
import { CheckOutlined, MoreOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, type RefObject, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client'
import type { TodoDetail } from '../../api/types'
import { errorText } from '../../app/query'
import { ProblemList } from '../../components/problems'
import { usePhone } from '../../components/use-phone'
import type { Reader } from './editing'
import { Phrases } from './phrases'
import { type Decision, useDecide } from './use-decide'
import { ACTIONS } from './words'

const Asking = lazy(() => import('./asking'))
const askingModule = () => import('./asking')

const FORWARD: [string, string][] = [['complete', '完成'], ['resubmit', '重新提交'], ['take_back', '收回来自己办'], ['retract', '拿回我的决定'], ['approve', '同意']]

const Failure = ({ error }: { error: unknown }) => {
  const problems = error instanceof ApiError ? error.problems : []
  return <div className="decide-error" role="alert">{errorText(error)}{problems.length > 0 ? <ProblemList problems={problems} /> : null}</div>
}

export const Decide = ({ todo, reader }: { todo: TodoDetail; reader: RefObject<Reader> }) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const [comment, setComment] = useState('')
  const [writing, setWriting] = useState(false)
  const [asking, setAsking] = useState<string | null>(null)
  const [asked, setAsked] = useState<Omit<Decision, 'op'>>({})
  const [incomplete, setIncomplete] = useState(false)
  const [more, setMore] = useState(false)
  const decide = useDecide(todo)
  const forward = FORWARD.find(([op]) => todo.actions.includes(op))
  const others = [...todo.actions.filter((op) => op in ACTIONS && op !== forward?.[0]), ...(todo.added.length > 0 ? ['remove_sign'] : [])]
  const [near, far] = [others.slice(0, 2), others.slice(2)]
  const send = async (op: string): Promise<void> => {
    const { isComplete, withDefaults } = await askingModule()
    if (op === asking && !isComplete(op, asked, comment)) {
      setIncomplete(true)
      return
    }
    const writes = op === forward?.[0] || op === 'reject' || op === 'return'
    const values = writes ? await reader.current() : {}
    if (values) decide.mutate({ op, comment, ...(op === asking ? withDefaults(op, asked, todo) : {}), ...(writes ? { form: op === 'take_back' || op === 'retract' ? {} : values } : {}) })
  }
  const ask = (op: string): void => {
    setAsked({})
    setIncomplete(false)
    setAsking(op)
  }
  const quiet = phone && !writing && asking === null
  return (
    <section className="card pad decide" aria-label={t('处理')}>
      {quiet ? <button type="button" className="text-button decide-comment" onClick={() => setWriting(true)}>{t('写意见')}</button> : (
        <>
          <textarea className="comment" rows={2} value={comment} onChange={(event) => { setComment(event.target.value); setIncomplete(false) }} placeholder={asking === 'reject' || asking === 'return' ? t('写一句原因，让对方知道怎么改') : t('意见（可不填）')} aria-label={t('意见')} autoFocus={asking !== null || writing} />
          <Phrases comment={comment} onPick={(text) => setComment(comment.trim() === '' ? text : `${comment.trim()} ${text}`)} />
        </>
      )}
      {asking ? <Suspense fallback={null}><Asking op={asking} todo={todo} asked={asked} onChange={(next) => { setAsked(next); setIncomplete(false) }} /></Suspense> : null}
      {incomplete ? <p className="decide-error" role="alert">{asking === 'reject' || asking === 'return' ? t('请写一句原因') : t('请选人')}</p> : null}
      {decide.isError ? <Failure error={decide.error} /> : null}
      {asking ? (
        <div className="decide-row">
          <Button size="large" onClick={() => setAsking(null)}>{t('返回')}</Button>
          <Button size="large" type="primary" danger={asking === 'reject' || asking === 'return' || asking === 'recall'} loading={decide.isPending} onClick={() => void send(asking)}>{t('确认{{what}}', { what: t(ACTIONS[asking] ?? asking) })}</Button>
        </div>
      ) : (
        <div className={more ? 'decide-buttons all' : 'decide-buttons'}>
          {forward ? <Button className="decide-main" size="large" type="primary" block icon={<CheckOutlined />} loading={decide.isPending} onClick={() => void send(forward[0])}>{t(forward[1])}</Button> : null}
          <div className="decide-row">
            {(more ? others : near).map((op) => <Button key={op} size="large" danger={op === 'reject'} onClick={() => ask(op)}>{t(ACTIONS[op] ?? op)}</Button>)}
            {far.length > 0 && !more ? <Button size="large" icon={<MoreOutlined />} aria-label={t('更多操作')} className="decide-more" onClick={() => setMore(true)} /> : null}
          </div>
        </div>
      )}
    </section>
  )
}
