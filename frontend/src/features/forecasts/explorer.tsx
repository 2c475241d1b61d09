/** The forecast explorer: one curve of any group, its numbers, what people said about it, and the parts of it. */
import { LineChartOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Segmented } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { ApiError } from '../../api/client'
import { can, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { usePhone } from '../../components/use-phone'
import { sayNumber } from '../../lib/numbers'
import { type Step, STEP_NAMES } from './curve'
import { LEVELS, type Series, useSeries, type Where } from './data'
import { Drill } from './drill'
import { Tabs } from './tabs'
import './forecasts.css'

// Charts and date pickers are heavy: the page stands before they come.
const ForecastChart = lazy(() => import('./forecast-chart').then((module) => ({ default: module.ForecastChart })))
const Overrides = lazy(() => import('./overrides').then((module) => ({ default: module.Overrides })))
const RunBar = lazy(() => import('./run-bar').then((module) => ({ default: module.RunBar })))
const ItemNotes = lazy(() => import('./item-notes').then((module) => ({ default: module.ItemNotes })))
const Say = lazy(() => import('./say').then((module) => ({ default: module.Say })))

const STEPS: Step[] = ['naive', 'base', 'model', 'promotion']

const Totals = ({ series }: { series: Series }) => {
  const { t } = useTranslation()
  return (
    <dl className="forecast-totals">
      {series.totals.map((total) => (
        <div key={total.days}>
          <dt>{t('未来 {{n}} 天', { n: total.days })}</dt>
          <dd className="num">{sayNumber(total.mean, total.mean >= 20 ? 0 : 1)}</dd>
          {total['q0.9'] === undefined ? null : <span className="faint num">{t('九成把握不超过 {{n}}', { n: sayNumber(total['q0.9'], 0) })}</span>}
        </div>
      ))}
    </dl>
  )
}

const Curve = ({ series, editable }: { series: Series; editable: boolean }) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const [steps, setSteps] = useState<Step[]>([])
  const [said, setSaid] = useState<{ day: string; value: number } | null>(null)
  return (
    <section className="card">
      <div className="card-head wrap">
        <h2>{series.label || t('全部商品')}</h2>
        {phone ? null : <Checkbox.Group aria-label={t('画出每一步')} value={steps} onChange={(values) => setSteps(values as Step[])} options={STEPS.map((step) => ({ value: step, label: t(STEP_NAMES[step] ?? step) }))} />}
      </div>
      <div className="card-body">
        <Suspense fallback={<div style={{ height: phone ? 300 : 400 }}><CardSkeleton lines={10} /></div>}><ForecastChart series={series} steps={steps} height={phone ? 300 : 400} editable={editable} onSay={(day, value) => setSaid({ day, value })} /></Suspense>
        {editable ? <p className="faint forecast-hint">{t('按住紫线上的圆点上下拖，就能改那一天的预测；拖动画面左右移动，按 Ctrl 滚轮缩放。')}</p> : null}
        <Totals series={series} />
      </div>
      {said ? <Suspense fallback={null}><Say series={series} day={said.day} value={said.value} onClose={() => setSaid(null)} /></Suspense> : null}
    </section>
  )
}

const NoForecast = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const me = useMe()
  return <Empty icon={<LineChartOutlined />} title={t('还没有预测')} text={t('有了销量就能预测：点右上角“重新预测”，几秒到几分钟后这里就有曲线。以后每晚自动更新，每次导入销量也会更新。')} action={can(me.user.roles, 'operator', 'designer') ? <Button onClick={() => void navigate('/import')}>{t('先导入销量')}</Button> : null} />
}

const ExplorerPage = () => {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const [search, setSearch] = useSearchParams()
  const where = useMemo<Where>(() => Object.fromEntries(LEVELS.flatMap((level) => (search.get(level) ? [[level, search.get(level)]] : []))) as Where, [search])
  const history = Number(search.get('history') ?? 180)
  const answer = useSeries(where, history)
  const go = (next: Where): void => setSearch(new URLSearchParams([...Object.entries(next).filter(([, value]) => value), ['history', String(history)]] as [string, string][]))
  const missing = answer.error instanceof ApiError && answer.error.status === 404 && Object.keys(where).length === 0
  const editable = can(me.user.roles, 'operator', 'designer')
  return (
    <div className="page forecasts">
      <PageHeader title={t('预测')} text={answer.data ? <>{t('根据 {{day}} 之前的销量', { day: answer.data.run.day })} · <Moment at={answer.data.run.finished_at} /></> : t('每个商品接下来会卖多少，有多大把握，为什么')} actions={<Suspense fallback={null}><RunBar /></Suspense>} />
      <div className="row between wrap forecast-bar">
        <Tabs at="/forecasts" />
        <Segmented size="small" aria-label={t('看多久的历史')} value={history} onChange={(value) => setSearch((now) => { const next = new URLSearchParams(now); next.set('history', String(value)); return next }, { replace: true })} options={[[90, '近 3 个月'], [180, '近半年'], [365, '近一年'], [730, '近两年']].map(([value, label]) => ({ value: value as number, label: t(label as string) }))} />
      </div>
      {missing ? <div className="card"><NoForecast /></div> : (
        <div className="forecast-grid">
          <Drill where={where} label={answer.data?.label ?? ''} go={go} />
          <div className="stack">
            {answer.isPending ? <div className="card card-body"><CardSkeleton lines={10} /></div> : null}
            {answer.isError ? <div className="card"><Failed error={answer.error} retry={() => void client.invalidateQueries({ queryKey: ['forecast'] })} /></div> : null}
            {answer.data ? (
              <>
                <Curve series={answer.data} editable={editable} />
                <Suspense fallback={null}><Overrides series={answer.data} editable={editable} /></Suspense>
                {where.sku ? <Suspense fallback={null}><ItemNotes sku={where.sku} level={answer.data.level} editable={editable} /></Suspense> : null}
              </>
            ) : null}
          </div>
        </div>
      )}
    </div>
  )
}

export default ExplorerPage
