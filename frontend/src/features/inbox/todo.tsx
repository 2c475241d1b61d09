/** One approval: what is asked, the numbers behind it, who said what, and the decision; made for the phone first. */
import { useQuery } from '@tanstack/react-query'
import { InfoCircleFilled, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useCallback, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { api } from '../../api/client'
import type { AlertDetail, Curve, TodoDetail, TodoField } from '../../api/types'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Failed, PageSkeleton } from '../../components/states'
import { LevelTag, StateTag } from '../../components/status'
import { usePhone } from '../../components/use-phone'
import { pick } from '../../i18n'
import { sayField } from '../../lib/fields'
import { sayMoney } from '../../lib/numbers'
import { typeset } from '../../lib/typeset'
import { ValueTable } from '../alerts/why'
import '../alerts/alerts.css'
import { Decide } from './decide'
import type { Reader } from './editing'
import './inbox.css'
import { operationName, Timeline } from '../../components/timeline'

const Editing = lazy(() => import('./editing'))
const Discussion = lazy(() => import('../../components/discussion'))
const CurveChart = lazy(() => import('../../components/curve-chart').then((module) => ({ default: module.CurveChart })))

/** What the title and the state at the head say already. */
const STANDING = new Set(['status', 'code'])

/** Formula fields of the base forms that hold money. */
const MONEY = new Set(['amount', 'total'])

const isDay = (field: TodoField): boolean => field.type === 'date' || field.type === 'datetime'

const ReadOnly = ({ fields }: { fields: TodoField[] }) => (
  <dl className="todo-facts">
    {fields.map((field) => (
      <div key={field.key} className={field.type === 'long_text' ? 'wide' : ''}>
        <dt>{pick(field, 'label')}</dt>
        <dd className="num">{isDay(field) && typeof field.value === 'string' ? <Moment at={field.value} day={field.type === 'date'} /> : field.key === 'status' && typeof field.value === 'string' ? <StateTag state={field.value} plain /> : MONEY.has(field.key) ? sayMoney(field.value as number | null) : typeset(sayField(field, field.value, field.text ?? undefined))}</dd>
      </div>
    ))}
  </dl>
)

const Background = ({ alert }: { alert: string | number }) => {
  const { t } = useTranslation()
  const detail = useQuery({ queryKey: ['alert', String(alert)], queryFn: () => api.get<AlertDetail>(`/alerts/${alert}`) })
  const curve = useQuery({ queryKey: ['alert', String(alert), 'curve'], queryFn: () => api.get<Curve>(`/alerts/${alert}/curve`, { days: 60 }) })
  return (
    <section className="card">
      <div className="card-head"><h2>{t('为什么要补货')}</h2><Link to={`/alerts/${alert}`} className="soft">{t('看预警')}</Link></div>
      <div className="card-body">
        {detail.data ? (
          <>
            <p className="why-sentence num"><LevelTag level={detail.data.level} /> {pick(detail.data, 'explanation')}</p>
            <details className="why-details"><summary>{t('每个数怎么来的')}</summary><ValueTable values={detail.data.values} rule={detail.data.rule.key} table={detail.data.table} /></details>
          </>
        ) : null}
        {detail.isPending || curve.isPending ? <CardSkeleton lines={4} /> : null}
        {curve.data && curve.data.days.length > 0 ? <Suspense fallback={<CardSkeleton lines={5} />}><CurveChart curve={curve.data} /></Suspense> : null}
      </div>
    </section>
  )
}

/** Somebody was faster, or it is done: who, when, and how. */
const Closed = ({ todo }: { todo: TodoDetail }) => {
  const { t } = useTranslation()
  if (!todo.decided) return null
  return <p className="card pad todo-closed" role="status"><InfoCircleFilled aria-hidden="true" /> {t('已由 {{name}} 处理', { name: todo.decided.name })}{todo.decided.op ? <> · {t(operationName(todo.decided.op))}</> : null} <span className="faint"><Moment at={todo.decided.at} /></span></p>
}

const TodoPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const phone = usePhone()
  const reader = useRef<Reader>(async () => ({}))
  const keepReader = useCallback((next: Reader): void => {
    reader.current = next
  }, [])
  const todo = useQuery({ queryKey: ['todo', id], queryFn: () => api.get<TodoDetail>(`/todos/${encodeURIComponent(id)}`) })
  if (todo.isPending) return <PageSkeleton />
  if (todo.isError) return <div className="page"><div className="card"><Failed error={todo.error} retry={() => void todo.refetch()} /></div></div>
  const item = todo.data
  const writable = item.fields.filter((field) => field.access === 'write')
  const readable = item.fields.filter((field) => field.access !== 'write' && field.value !== null && !STANDING.has(field.key))
  return (
    <div className="page todo-page">
      <PageHeader back={{ to: '/todos', label: t('待办') }} title={typeset(item.title)} text={<>{item.workflow.name} · {item.node.name} · {item.initiator && item.initiator !== 'system' ? <><Person of={item.initiator} /> {t('发起的')}</> : t('系统发起')} · <Moment at={item.arrived_at} /></>} tag={item.status && item.status !== 'running' ? <StateTag state={item.status} /> : null} actions={phone ? null : <Button type="text" icon={<PrinterOutlined />} onClick={() => window.print()}>{t('打印')}</Button>} />
      <div className="grid-2">
        <div className="stack">
          <section className="card pad">
            <ReadOnly fields={item.actions.length > 0 ? readable : item.fields} />
            {writable.length > 0 && item.actions.length > 0 ? <Suspense fallback={<CardSkeleton lines={3} />}><Editing fields={writable} onReady={keepReader} /></Suspense> : null}
          </section>
          {item.curve_alert ? <Background alert={item.curve_alert} /> : null}
        </div>
        <div className="stack todo-side">
          {item.decided ? <Closed todo={item} /> : null}
          {item.actions.length > 0 ? <Decide key={`${item.id}-${item.state}`} todo={item} reader={reader} /> : null}
          <section className="card pad todo-history">
            <div className="row between"><h2 className="card-title-inline">{t('经过')}</h2><Link className="soft no-print" to={`/instances/${encodeURIComponent(String(item.instance))}`}>{t('在流程图上看')}</Link></div>
            <Timeline entries={item.timeline} />
            <div className="no-print"><Suspense fallback={null}><Discussion instance={String(item.instance)} /></Suspense></div>
          </section>
        </div>
      </div>
    </div>
  )
}

export default TodoPage
