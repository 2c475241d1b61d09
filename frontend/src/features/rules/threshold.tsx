/** Which number would have caught the stockouts with the fewest alerts: tried on past days, drawn as a curve to choose from. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, InputNumber, Select } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { RuleDefinition } from '../../api/types'
import { useTokens } from '../../app/theme'
import { FONT } from '../../app/tokens'
import { CardSkeleton, Failed } from '../../components/states'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { useBuilder } from './store'

const Chart = lazy(() => import('../../components/chart').then((module) => ({ default: module.Chart })))

interface Candidate {
  number: number
  path: string
  /** Where the number begins and ends in the source. */
  at: [number, number]
  source: string
  value: number
  label: string
}

interface Point {
  value: number
  alerts: number
  alerts_per_day: number
  caught: number
  total: number
  recall: number | null
  precision: number | null
  days_ahead_median: number | null
}

interface Found {
  source: string
  value: number
  points: Point[]
  best: number | null
  target: number
  notes: { message: string; message_en?: string }[]
}

const percent = (value: number | null): string => (value === null ? '—' : `${sayNumber(value * 100, 0)}%`)

/** Write a number into the document at a candidate's path and place. */
const put = (rule: RuleDefinition, candidate: Candidate, value: number): RuleDefinition => {
  const copy = structuredClone(rule) as unknown as Record<string, never>
  const steps = [...candidate.path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)].map((match) => match[1] ?? match[3] ?? match[4] ?? Number(match[2]))
  const last = steps.pop()
  let place = copy as Record<string | number, never>
  for (const step of steps) place = place[step] as unknown as Record<string | number, never>
  if (last === undefined) return rule
  const { source, at: [start, end] } = candidate
  place[last] = (source.slice(0, start) + String(value) + source.slice(end)) as never
  return copy as unknown as RuleDefinition
}

const Curve = ({ found, onChoose }: { found: Found; onChoose: (value: number) => void }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const option = useMemo<EChartsCoreOption>(() => ({
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
    legend: { left: 0, top: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: tokens.textSoft } },
    tooltip: { trigger: 'axis', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text } },
    xAxis: { type: 'category', data: found.points.map((point) => String(point.value)), axisLabel: { color: tokens.textFaint, hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: { color: tokens.line } } },
    yAxis: [
      { type: 'value', name: '%', min: 0, max: 100, axisLabel: { color: tokens.textFaint }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
      { type: 'value', axisLabel: { color: tokens.textFaint }, splitLine: { show: false } },
    ],
    series: [
      { name: t('断货里报过警的'), type: 'line', data: found.points.map((point) => (point.recall === null ? null : Math.round(point.recall * 1000) / 10)), itemStyle: { color: tokens.brand }, markLine: { symbol: 'none', silent: true, lineStyle: { color: tokens.textFaint, type: 'dashed' }, data: [{ yAxis: found.target * 100 }], label: { formatter: t('目标') } } },
      { name: t('报警里真断货的'), type: 'line', data: found.points.map((point) => (point.precision === null ? null : Math.round(point.precision * 1000) / 10)), itemStyle: { color: tokens.good } },
      { name: t('平均每天报警'), type: 'bar', yAxisIndex: 1, data: found.points.map((point) => Math.round(point.alerts_per_day * 10) / 10), itemStyle: { color: tokens.line }, barMaxWidth: 18 },
    ],
  }), [found, tokens, t])
  const best = found.points.find((point) => point.value === found.best)
  const most = found.points.toSorted((one, other) => (other.recall ?? 0) - (one.recall ?? 0))[0]
  return (
    <>
      {best ? (
        <div className="row between wrap threshold-best" data-testid="threshold-best">
          <p>{t('用 {{value}}：能提前发现 {{recall}} 的断货，每天约 {{alerts}} 条预警，其中 {{precision}} 后来真断了货', { value: sayNumber(best.value), recall: percent(best.recall), alerts: sayNumber(best.alerts_per_day), precision: percent(best.precision) })}</p>
          <Button type="primary" onClick={() => onChoose(best.value)}>{t('用 {{value}}', { value: sayNumber(best.value) })}</Button>
        </div>
      ) : <p className="soft" data-testid="threshold-short">{most ? t('试过的数都达不到目标：最多抓住 {{recall}}（用 {{value}}）。把目标放低一点，或换一个数。', { recall: percent(most.recall), value: sayNumber(most.value) }) : t('这些天没有断货可比。')}</p>}
      <Suspense fallback={<CardSkeleton lines={4} />}><Chart option={option} height={240} label={t('不同的数会怎样')} /></Suspense>
      {found.notes.map((note) => <p key={note.message} className="faint">{pick(note, 'message')}</p>)}
    </>
  )
}

const ThresholdFinder = ({ rule, from, to }: { rule: RuleDefinition; from: string; to: string }) => {
  const { t } = useTranslation()
  const change = useBuilder((state) => state.change)
  const numbers = useQuery({ queryKey: ['rule-numbers', rule.levels, rule.let, rule.during], queryFn: () => api.post<{ items: Candidate[] }>('/rules/numbers', { definition: rule }), retry: false })
  const [chosen, setChosen] = useState<number | null>(null)
  const [target, setTarget] = useState(95)
  const list = numbers.data?.items ?? []
  const candidate = list.find((one) => one.number === chosen) ?? list.findLast((one) => one.path.startsWith('$.levels')) ?? list.at(-1)
  const find = useMutation({ meta: { quiet: true }, mutationFn: () => api.post<Found>('/rules/threshold', { definition: rule, from, to, number: candidate?.number, target: target / 100 }) })
  return (
    <div className="threshold" data-testid="threshold">
      <h3>{t('哪个数能抓住断货，又报得最少？')}</h3>
      {numbers.isError ? <Failed error={numbers.error} /> : null}
      <div className="row wrap">
        <Select disabled={false} aria-label={t('试哪个数')} loading={numbers.isPending} value={candidate?.number} style={{ minWidth: 280 }} onChange={setChosen} options={list.map((one) => ({ value: one.number, label: one.label }))} />
        <span className="row">{t('至少抓住')} <InputNumber disabled={false} aria-label={t('目标百分比')} min={1} max={100} value={target} suffix="%" style={{ width: 96 }} onChange={(next) => setTarget(next ?? 95)} /> {t('的断货')}</span>
        <Button disabled={!candidate} loading={find.isPending} onClick={() => find.mutate()}>{t('找一找')}</Button>
      </div>
      {find.isPending ? <CardSkeleton lines={3} /> : null}
      {find.isError ? <Failed error={find.error} /> : null}
      {find.data && candidate && !find.isPending ? <Curve found={find.data} onChoose={(value) => change(put(rule, candidate, value))} /> : null}
    </div>
  )
}

export default ThresholdFinder
