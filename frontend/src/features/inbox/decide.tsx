/** The decision: approve at one tap, or say why not; a second click of the same decision is harmless. */
import { CheckOutlined, CloseOutlined, RollbackOutlined, SwapOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { lazy, type ReactNode, type RefObject, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, ApiError } from '../../api/client'
import type { TodoDetail, Values } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { ProblemList } from '../../components/problems'
import { usePhone } from '../../components/use-phone'
import { pick } from '../../i18n'
import type { Reader } from './editing'

const Colleagues = lazy(() => import('./colleagues'))

interface Answer {
  status: string
  message: string
  message_en: string
}

interface Decision {
  op: string
  comment: string
  to?: string
  form: Values
}

const SECONDARY: Record<string, [string, ReactNode]> = {
  reject: ['驳回', <CloseOutlined key="i" />],
  return: ['退回', <RollbackOutlined key="i" />],
  transfer: ['转交', <SwapOutlined key="i" />],
}

const useDecide = (todo: TodoDetail) => {
  const { message } = App.useApp()
  const navigate = useNavigate()
  const requestId = useRef(crypto.randomUUID?.() ?? String(Date.now()))
  return useMutation({
    meta: { quiet: true },
    mutationFn: (decision: Decision) => api.post<Answer>(`/todos/${encodeURIComponent(todo.id)}/decide`, { ...decision, request_id: `${requestId.current}-${decision.op}` }),
    onSuccess: (answer) => {
      void message.success(pick(answer, 'message'))
      for (const key of [['list'], ['overview'], ['todo']]) void queryClient.invalidateQueries({ queryKey: key })
      void navigate('/todos')
    },
  })
}

export const Decide = ({ todo, reader }: { todo: TodoDetail; reader: RefObject<Reader> }) => {
  const { t } = useTranslation()
  const [comment, setComment] = useState('')
  const [asking, setAsking] = useState<string | null>(null)
  const [to, setTo] = useState<string>()
  const decide = useDecide(todo)
  const send = async (op: string): Promise<void> => {
    const values = await reader.current()
    if (values) decide.mutate({ op, comment, form: op === 'transfer' ? {} : values, ...(op === 'transfer' ? { to } : {}) })
  }
  const phone = usePhone()
  const [writing, setWriting] = useState(false)
  const forward = todo.actions.includes('complete') ? 'complete' : 'approve'
  const others = todo.actions.filter((op) => op in SECONDARY)
  const problems = decide.error instanceof ApiError ? decide.error.problems : []
  return (
    <section className="card pad decide" aria-label={t('处理')}>
      {phone && !writing && asking === null ? <button type="button" className="text-button decide-comment" onClick={() => setWriting(true)}>{t('写意见')}</button> : (
        <textarea className="comment" rows={2} value={comment} onChange={(event) => setComment(event.target.value)} placeholder={asking === 'reject' || asking === 'return' ? t('写一句原因，让对方知道怎么改') : t('意见（可不填）')} aria-label={t('意见')} autoFocus={asking !== null || writing} />
      )}
      {asking === 'transfer' ? <Suspense fallback={null}><Colleagues value={to} onChange={setTo} /></Suspense> : null}
      {decide.isError ? <div className="decide-error" role="alert">{errorText(decide.error)}{problems.length > 0 ? <ProblemList problems={problems} /> : null}</div> : null}
      {asking ? (
        <div className="decide-row">
          <Button size="large" onClick={() => setAsking(null)}>{t('返回')}</Button>
          <Button size="large" type="primary" danger={asking !== 'transfer'} loading={decide.isPending} disabled={(asking === 'transfer' && !to) || (asking !== 'transfer' && comment.trim() === '')} onClick={() => void send(asking)}>{t('确认{{what}}', { what: t(SECONDARY[asking]?.[0] ?? asking) })}</Button>
        </div>
      ) : (
        <div className="decide-buttons">
          <Button className="decide-main" size="large" type="primary" block icon={<CheckOutlined />} loading={decide.isPending} onClick={() => void send(forward)}>{forward === 'complete' ? t('完成') : t('同意')}</Button>
          <div className="decide-row">
            {others.map((op) => <Button key={op} size="large" icon={phone ? null : SECONDARY[op]?.[1]} danger={op === 'reject'} onClick={() => setAsking(op)}>{t(SECONDARY[op]?.[0] ?? op)}</Button>)}
          </div>
        </div>
      )}
    </section>
  )
}
