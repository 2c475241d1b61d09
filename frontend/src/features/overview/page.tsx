/** The first look of the day: what needs a hand, what runs out, whether the last run went well, and the next step of the set-up. */
import { ArrowRightOutlined, CheckCircleFilled, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { AlertList, ChecklistItem, Overview, RunSummary } from '../../api/types'
import { useMe } from '../../app/query'
import { Moment, useSaying } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { LevelTag } from '../../components/status'
import { pick } from '../../i18n'
import { dayOf, sayDate } from '../../lib/dates'
import { sayNumber, saySeconds } from '../../lib/numbers'
import { inApp } from '../../lib/links'
import { Sparkline } from './sparkline'
import './overview.css'

const Figure = ({ label, value, tone, to, foot }: { label: string; value: ReactNode; tone?: string; to: string; foot?: ReactNode }) => (
  <Link to={to} className="figure">
    <span className="figure-label">{label}</span>
    <span className={`figure-value num ${tone ?? ''}`}>{value}</span>
    <span className="figure-foot">{foot}</span>
  </Link>
)

const Figures = ({ data }: { data: Overview }) => {
  const { t } = useTranslation()
  const week = data.units_7d.reduce((sum, units) => sum + units, 0)
  return (
    <section className="figures" aria-label={t('今天的数字')}>
      <Figure label={t('严重预警')} value={sayNumber(data.alerts.critical)} tone={data.alerts.critical > 0 ? 'critical' : 'good'} to="/alerts?level=critical" foot={t('另有 {{n}} 条警告', { n: sayNumber(data.alerts.warning) })} />
      <Figure label={t('我的待办')} value={sayNumber(data.todos)} to="/todos" foot={data.todos > 0 ? t('等你处理') : t('都处理完了')} />
      <Figure label={t('已断货')} value={sayNumber(data.stockouts)} tone={data.stockouts > 0 ? 'critical' : 'good'} to="/stock?only=stockout" foot={t('商品 × 仓库')} />
      <Figure label={t('近 7 天销量')} value={sayNumber(week)} to="/stock" foot={<Sparkline values={data.units_7d} />} />
    </section>
  )
}

const Checklist = ({ items }: { items: ChecklistItem[] }) => {
  const { t } = useTranslation()
  const done = items.filter((item) => item.done).length
  if (items.length === 0 || done === items.length) return null
  const next = items.find((item) => !item.done)
  return (
    <section className="card checklist">
      <div className="card-head">
        <h2>{t('接下来做什么')}</h2>
        <span className="faint num">{done} / {items.length}</span>
      </div>
      <div className="checklist-bar" role="progressbar" aria-valuenow={done} aria-valuemax={items.length}><span style={{ width: `${(done / items.length) * 100}%` }} /></div>
      <ul>
        {items.map((item) => (
          <li key={item.key} className={item.done ? 'done' : item === next ? 'next' : ''}>
            <Link to={inApp(item.href)}>
              <span className="check" aria-hidden="true">{item.done ? <CheckCircleFilled /> : null}</span>
              <span className="grow">{pick(item, 'title')}</span>
              {item.done ? <span className="faint">{t('完成')}</span> : <RightOutlined aria-hidden="true" />}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const LastRun = ({ run }: { run: RunSummary | null }) => {
  const { t } = useTranslation()
  return (
    <section className="card">
      <div className="card-head"><h2>{t('最近一次运行')}</h2>{run ? <span className="faint"><Moment at={run.at} /></span> : null}</div>
      <div className="card-body">
        {run ? (
          <dl className="facts">
            <div><dt>{t('检查的商品 × 仓库')}</dt><dd className="num">{sayNumber(run.rows)}</dd></div>
            <div><dt>{t('规则')}</dt><dd className="num">{sayNumber(run.rules)}</dd></div>
            <div><dt>{t('新触发')}</dt><dd className="num">{sayNumber(run.fired)}</dd></div>
            <div><dt>{t('用时')}</dt><dd className="num">{saySeconds(run.seconds)} {t('秒')}</dd></div>
          </dl>
        ) : <p className="faint">{t('还没有运行过。发布一条规则，就会按计划运行。')}</p>}
      </div>
    </section>
  )
}

const Urgent = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const alerts = useQuery({ queryKey: ['alerts', 'urgent'], queryFn: () => api.get<AlertList>('/alerts', { state: 'firing', level: 'critical', limit: 8 }) })
  const items = alerts.data?.items ?? []
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('先看这些')}</h2>
        <Link to="/alerts" className="soft">{t('全部预警')} <ArrowRightOutlined aria-hidden="true" /></Link>
      </div>
      {alerts.isPending ? <CardSkeleton lines={6} /> : null}
      {alerts.isError ? <Failed error={alerts.error} retry={() => void alerts.refetch()} /> : null}
      {alerts.isSuccess && items.length === 0 ? (
        <Empty good icon={<CheckCircleFilled />} title={t('没有严重预警')} text={t('库存都在安全线以上。')} action={<Button onClick={() => void navigate('/rules')}>{t('看看规则')}</Button>} />
      ) : null}
      <ul className="urgent">
        {items.map((item) => (
          <li key={item.id}>
            <Link to={`/alerts/${item.id}`}>
              <LevelTag level={item.level} />
              <span className="grow">
                <span className="urgent-title">{Object.values(item.labels).join(' · ')}</span>
                <span className="urgent-why num">{pick(item, 'explanation')}</span>
              </span>
              <span className="faint urgent-when"><Moment at={item.started_at} /></span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const OverviewPage = () => {
  const { t } = useTranslation()
  const { user, workspace } = useMe()
  const saying = useSaying()
  const today = dayOf(saying.now, saying.zone)
  const overview = useQuery({ queryKey: ['overview'], queryFn: () => api.get<Overview>('/overview') })
  return (
    <div className="page">
      <PageHeader title={t('{{name}}，你好', { name: user.name })} documentTitle={t('看板')} text={workspace.evaluation_day === today ? sayDate(today, saying) : t('{{day}}，数据到 {{evaluation}} 之前', { day: sayDate(today, saying), evaluation: sayDate(workspace.evaluation_day, saying) })} />
      {overview.isError ? <div className="card"><Failed error={overview.error} retry={() => void overview.refetch()} /></div> : null}
      {overview.isPending ? <div className="card"><CardSkeleton lines={3} /></div> : null}
      {overview.data ? <Figures data={overview.data} /> : null}
      <div className="grid-2">
        <Urgent />
        <div className="stack">
          {overview.data ? <Checklist items={overview.data.checklist} /> : null}
          {overview.data ? <LastRun run={overview.data.last_run} /> : null}
        </div>
      </div>
    </div>
  )
}

export default OverviewPage
