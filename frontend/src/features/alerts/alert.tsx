/** One alert: why it fired with every number's source, the curve, what happened since, what is being done. */
import { CheckOutlined, ClockCircleOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Dropdown } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { api } from '../../api/client'
import type { AlertDetail, Curve } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed, PageSkeleton } from '../../components/states'
import { LevelTag, StateTag } from '../../components/status'
import { pick } from '../../i18n'
import { subject } from './columns'
import { DeliveryList, History } from './history'
import { Why } from './why'
import './alerts.css'

const CurveChart = lazy(() => import('../../components/curve-chart').then((module) => ({ default: module.CurveChart })))

const DAY = 86_400_000

const Actions = ({ alert }: { alert: AlertDetail }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const refresh = (text: string): void => {
    void message.success(text)
    void queryClient.invalidateQueries({ queryKey: ['alert', String(alert.id)] })
    void queryClient.invalidateQueries({ queryKey: ['list', '/alerts'] })
  }
  const acknowledge = useMutation({ mutationFn: () => api.post(`/alerts/${alert.id}/acknowledge`), onSuccess: () => refresh(t('已认领，大家会看到是你在处理')) })
  const snooze = useMutation({
    mutationFn: (milliseconds: number) => api.post(`/alerts/${alert.id}/snooze`, { until: new Date(Date.now() + milliseconds).toISOString() }),
    onSuccess: () => refresh(t('已暂停提醒')),
  })
  if (alert.state === 'resolved' || !can(user.roles, 'operator', 'designer')) return null
  return (
    <>
      <Dropdown menu={{ items: [{ key: DAY / 24, label: t('1 小时') }, { key: DAY, label: t('1 天') }, { key: 3 * DAY, label: t('3 天') }, { key: 7 * DAY, label: t('7 天') }], onClick: ({ key }) => snooze.mutate(Number(key)) }}>
        <Button icon={<ClockCircleOutlined />} loading={snooze.isPending}>{t('暂停提醒')}</Button>
      </Dropdown>
      {alert.acknowledged ? null : <Button type="primary" icon={<CheckOutlined />} loading={acknowledge.isPending} onClick={() => acknowledge.mutate()}>{t('我来处理')}</Button>}
    </>
  )
}

const CurveCard = ({ id }: { id: string }) => {
  const { t } = useTranslation()
  const curve = useQuery({ queryKey: ['alert', id, 'curve'], queryFn: () => api.get<Curve>(`/alerts/${id}/curve`, { days: 60 }) })
  return (
    <section className="card">
      <div className="card-head"><h2>{t('近 60 天')}</h2><span className="faint">{t('件')}</span></div>
      <div className="card-body">
        {curve.isPending ? <CardSkeleton lines={6} /> : null}
        {curve.isError ? <Failed error={curve.error} retry={() => void curve.refetch()} /> : null}
        {curve.data?.days.length === 0 ? <Empty title={t('没有历史数据')} text={t('导入销量后，这里会画出库存与销量曲线。')} /> : null}
        {curve.data && curve.data.days.length > 0 ? <Suspense fallback={<CardSkeleton lines={6} />}><CurveChart curve={curve.data} /></Suspense> : null}
      </div>
    </section>
  )
}

const Linked = ({ alert }: { alert: AlertDetail }) => {
  const { t } = useTranslation()
  return (
    <section className="card pad">
      <dl className="facts">
        <div><dt>{t('哪条规则')}</dt><dd><Link to={`/rules/${alert.rule.key}`}>{alert.rule.name}</Link> <span className="faint">{t('第 {{n}} 版', { n: alert.rule.version })}</span></dd></div>
        <div><dt>{t('补货任务')}</dt><dd>{alert.task ? <><Link to={`/tasks?q=${encodeURIComponent(alert.task.code)}`}>{alert.task.code}</Link> <StateTag state={alert.task.status} plain /></> : <span className="faint">{t('还没有')}</span>}</dd></div>
        <div><dt>{t('处理人')}</dt><dd>{alert.acknowledged ? <><Person of={alert.acknowledged.by} /> <span className="faint"><Moment at={alert.acknowledged.at} /></span></> : <span className="faint">{t('还没有人认领')}</span>}</dd></div>
        {alert.snoozed_until ? <div><dt>{t('暂停提醒到')}</dt><dd><Moment at={alert.snoozed_until} /></dd></div> : null}
        <div><dt>{t('开始')}</dt><dd><Moment at={alert.started_at} /></dd></div>
        {alert.resolved_at ? <div><dt>{t('恢复')}</dt><dd><Moment at={alert.resolved_at} /></dd></div> : null}
      </dl>
    </section>
  )
}

const AlertPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const alert = useQuery({ queryKey: ['alert', id], queryFn: () => api.get<AlertDetail>(`/alerts/${id}`) })
  if (alert.isPending) return <PageSkeleton />
  if (alert.isError) return <div className="page"><div className="card"><Failed error={alert.error} retry={() => void alert.refetch()} /></div></div>
  const { title, place } = subject(alert.data)
  return (
    <div className="page">
      <PageHeader
        back={{ to: '/alerts', label: t('预警') }}
        title={title}
        text={place}
        tag={<>{alert.data.state === 'resolved' ? null : <LevelTag level={alert.data.level} />}{alert.data.state === 'firing' ? null : <StateTag state={alert.data.state} />}</>}
        actions={<Actions alert={alert.data} />}
      />
      <div className="grid-2">
        <div className="stack">
          <Why alert={alert.data} sentence={pick(alert.data, 'explanation')} />
          <CurveCard id={id} />
        </div>
        <div className="stack">
          <Linked alert={alert.data} />
          <History events={alert.data.history} />
          <DeliveryList deliveries={alert.data.deliveries} />
        </div>
      </div>
    </div>
  )
}

export default AlertPage
