/** The rule on past days: how often it would have fired, which stockouts it would have caught and how early. */
import { AimOutlined, HistoryOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { RuleDefinition } from '../../api/types'
import { useMe } from '../../app/query'
import { useTokens } from '../../app/theme'
import { FONT } from '../../app/tokens'
import { Moment } from '../../components/moment'
import { CardSkeleton, Failed } from '../../components/states'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { shiftDay } from './lib/days'
import { jumpTo } from './section'

const ThresholdFinder = lazy(() => import('./threshold'))
const Chart = lazy(() => import('../../components/chart').then((module) => ({ default: module.Chart })))

interface Outcome {
  keys: Record<string, string>
  labels?: Record<string, string>
  day: string
  alerted_on?: string
  days_ahead?: number
}

export interface BacktestReport {
  from: string
  to: string
  days: { day: string; alerts: number; by_level?: Record<string, number> }[]
  alerts_total?: number
  alerts_per_day?: number
  stockouts?: { total: number; caught: number; missed: number }
  days_ahead_median?: number | null
  precision?: number | null
  missed?: Outcome[]
  notes?: { message: string; message_en?: string }[]
}

const percent = (value: number | null | undefined): string => (value === null || value === undefined ? '—' : `${sayNumber(value * 100, 0)}%`)

const AlertsByDay = ({ report }: { report: BacktestReport }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const option = useMemo<EChartsCoreOption>(() => {
    const bars = (level: string, name: string, color: string) => ({ name, type: 'bar', stack: 'level', data: report.days.map((day) => (day.by_level ? (day.by_level[level] ?? 0) : level === 'warning' ? day.alerts : 0)), itemStyle: { color }, barCategoryGap: '20%' })
    return {
      textStyle: { fontFamily: FONT },
      grid: { left: 8, right: 8, top: 32, bottom: 4, containLabel: true },
      legend: { left: 0, top: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: tokens.textSoft } },
      tooltip: { trigger: 'axis', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text } },
      xAxis: { type: 'category', data: report.days.map((day) => day.day), axisLabel: { color: tokens.textFaint, hideOverlap: true, formatter: (day: string) => `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}` }, axisTick: { show: false }, axisLine: { lineStyle: { color: tokens.line } } },
      yAxis: { type: 'value', minInterval: 1, axisLabel: { color: tokens.textFaint }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
      series: [bars('critical', t('严重'), tokens.critical), bars('warning', t('警告'), '#dfa23b')],
    }
  }, [report, tokens, t])
  return <Suspense fallback={<CardSkeleton lines={4} />}><Chart option={option} height={220} label={t('每天会触发多少条')} /></Suspense>
}

type Figure = [label: string, of: (report: BacktestReport) => string]

const share = (report: BacktestReport): number | null => (report.stockouts && report.stockouts.total > 0 ? report.stockouts.caught / report.stockouts.total : null)

const useFigures = (): Figure[] => {
  const { t } = useTranslation()
  return [
    [t('平均每天报警'), (report) => sayNumber(report.alerts_per_day)],
    [t('提前发现的断货'), (report) => (report.stockouts ? `${sayNumber(report.stockouts.caught)} / ${sayNumber(report.stockouts.total)}` : '—')],
    [t('断货里报过警的'), (report) => percent(share(report))],
    [t('报警里真断货的'), (report) => percent(report.precision)],
    [t('提前天数（中位数）'), (report) => (report.days_ahead_median === null || report.days_ahead_median === undefined ? '—' : sayNumber(report.days_ahead_median))],
  ]
}

const Report = ({ report }: { report: BacktestReport }) => {
  const { t } = useTranslation()
  const figures = useFigures()
  return (
    <>
      <dl className="run-figures">{figures.map(([label, of]) => <div key={label}><dt>{label}</dt><dd className="num">{of(report)}</dd></div>)}</dl>
      <AlertsByDay report={report} />
      {report.missed && report.missed.length > 0 ? (
        <details className="why-details"><summary>{t('漏掉的是哪些')}</summary>
          <ul className="preview-samples">{report.missed.slice(0, 20).map((item) => <li key={JSON.stringify(item)} className="row between"><span>{Object.keys(item.keys).map((key) => item.labels?.[key] ?? item.keys[key]).join(' · ')}</span><span className="faint"><Moment at={item.day} /></span></li>)}</ul>
        </details>
      ) : null}
      {report.notes?.map((note) => <p key={note.message} className="faint">{pick(note, 'message')}</p>)}
    </>
  )
}

/** Two versions over the same days, figure by figure. */
const Comparison = ({ draft, published }: { draft: BacktestReport; published: BacktestReport }) => {
  const { t } = useTranslation()
  const figures = useFigures()
  return (
    <table className="values comparison" data-testid="comparison">
      <thead><tr><th>{t('和发布的版本比')}</th><th className="right">{t('发布的')}</th><th className="right">{t('现在改成的')}</th></tr></thead>
      <tbody>{figures.map(([label, of]) => <tr key={label}><td>{label}</td><td className="right num">{of(published)}</td><td className="right num strong">{of(draft)}</td></tr>)}</tbody>
    </table>
  )
}

interface Reports {
  draft: BacktestReport
  published: BacktestReport | null
}

const Backtest = ({ rule, published }: { rule: RuleDefinition; published: RuleDefinition | null }) => {
  const { t } = useTranslation()
  const { workspace } = useMe()
  const [span, setSpan] = useState(60)
  const [finding, setFinding] = useState(false)
  const days = { from: shiftDay(workspace.evaluation_day, -span), to: shiftDay(workspace.evaluation_day, -1) }
  const changed = published !== null && JSON.stringify(published.levels) + JSON.stringify(published.let) + JSON.stringify(published.during) !== JSON.stringify(rule.levels) + JSON.stringify(rule.let) + JSON.stringify(rule.during)
  const replay = (definition: RuleDefinition) => api.post<BacktestReport>('/rules/backtest', { definition, ...days })
  const test = useMutation({
    meta: { quiet: true },
    mutationFn: async (): Promise<Reports> => ({ draft: await replay(rule), published: published && changed ? await replay(published) : null }),
    onSettled: () => setTimeout(() => jumpTo('backtest'), 50),
  })
  return (
    <section className="card builder-section" id="section-backtest" tabIndex={-1}>
      <div className="card-head wrap">
        <div><h2>{t('放到过去试一试')}</h2><p className="faint">{t('上线前先看看：以前会报多少次，能提前发现几次断货')}</p></div>
        <span className="row wrap">
          <Select disabled={false} aria-label={t('多久以前')} value={span} onChange={setSpan} options={[30, 60, 90, 180].map((count) => ({ value: count, label: t('最近 {{n}} 天', { n: count }) }))} />
          <Button icon={<AimOutlined />} disabled={false} onClick={() => setFinding(true)}>{t('找合适的数')}</Button>
          <Button icon={<HistoryOutlined />} loading={test.isPending} disabled={false} onClick={() => test.mutate()}>{t('回测')}</Button>
        </span>
      </div>
      <div className="card-body">
        {test.isPending ? <CardSkeleton lines={4} /> : null}
        {test.isError ? <Failed error={test.error} /> : null}
        {test.data && !test.isPending ? <><Report report={test.data.draft} />{test.data.published ? <Comparison draft={test.data.draft} published={test.data.published} /> : null}</> : null}
        {finding ? <Suspense fallback={<CardSkeleton lines={3} />}><ThresholdFinder rule={rule} from={days.from} to={days.to} /></Suspense> : null}
      </div>
    </section>
  )
}

export default Backtest
