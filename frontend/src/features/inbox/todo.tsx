/** One approval: what is asked, the numbers behind it, who said what, and the decision; made for the phone first. */
import { useQuery } from '@tanstack/react-query'
import { Form } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { api } from '../../api/client'
import type { AlertDetail, Curve, TodoDetail, TodoField, Values } from '../../api/types'
import { FieldInput } from '../../components/field-input'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Failed, PageSkeleton } from '../../components/states'
import { LevelTag, StateTag } from '../../components/status'
import { pick } from '../../i18n'
import { sayField } from '../../lib/fields'
import { sayMoney } from '../../lib/numbers'
import { typeset } from '../../lib/typeset'
import { ValueTable } from '../alerts/why'
import '../alerts/alerts.css'
import { Decide } from './decide'
import './inbox.css'
import { Timeline } from './timeline'

const CurveChart = lazy(() => import('../../components/curve-chart').then((module) => ({ default: module.CurveChart })))

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

const Writable = ({ fields }: { fields: TodoField[] }) => (
  <div className="todo-write">
    {fields.map((field) => (
      <Form.Item key={field.key} name={field.key} label={field.unit ? `${pick(field, 'label')} (${field.unit})` : pick(field, 'label')} initialValue={field.value} rules={[{ required: field.type !== 'boolean' && field.key === 'quantity' }]}>
        <FieldInput field={field} label={field.text ?? undefined} />
      </Form.Item>
    ))}
  </div>
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
        {detail.isPending ? <CardSkeleton lines={2} /> : null}
        {curve.data && curve.data.days.length > 0 ? <Suspense fallback={<CardSkeleton lines={5} />}><CurveChart curve={curve.data} /></Suspense> : null}
      </div>
    </section>
  )
}

const TodoPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const [form] = Form.useForm<Values>()
  const todo = useQuery({ queryKey: ['todo', id], queryFn: () => api.get<TodoDetail>(`/todos/${encodeURIComponent(id)}`) })
  if (todo.isPending) return <PageSkeleton />
  if (todo.isError) return <div className="page"><div className="card"><Failed error={todo.error} retry={() => void todo.refetch()} /></div></div>
  const item = todo.data
  const writable = item.fields.filter((field) => field.access === 'write')
  const readable = item.fields.filter((field) => field.access !== 'write')
  return (
    <div className="page todo-page">
      <PageHeader back={{ to: '/todos', label: t('待办') }} title={typeset(item.title)} text={<>{item.workflow.name} · {item.node.name} · {item.initiator && item.initiator !== 'system' ? <><Person of={item.initiator} /> {t('发起的')}</> : t('系统发起')} · <Moment at={item.arrived_at} /></>} tag={item.status && item.status !== 'running' ? <StateTag state={item.status} /> : null} />
      <div className="grid-2">
        <div className="stack">
          <section className="card pad">
            <Form form={form} layout="vertical" requiredMark={false}>
              {writable.length > 0 && item.actions.length > 0 ? <Writable fields={writable} /> : null}
            </Form>
            <ReadOnly fields={item.actions.length > 0 ? readable : item.fields} />
          </section>
          {item.curve_alert ? <Background alert={item.curve_alert} /> : null}
        </div>
        <div className="stack todo-side">
          {item.actions.length > 0 ? <Decide todo={item} form={form} /> : null}
          <section className="card pad">
            <h2 className="card-title-inline">{t('经过')}</h2>
            <Timeline entries={item.timeline} />
          </section>
        </div>
      </div>
    </div>
  )
}

export default TodoPage
