/** Policies on one's own past: fill against days of stock, one line a policy, and whether the promised service was kept. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, InputNumber } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { useTokens } from '../../app/theme'
import { FONT } from '../../app/tokens'
import { CardSkeleton, Empty } from '../../components/states'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import type { Trial, TrialPoint } from './types'

const Chart = lazy(() => import('../../components/chart').then((module) => ({ default: module.Chart })))

const at = (points: TrialPoint[], fill: number): TrialPoint | null => {
  const sorted = [...points].sort((one, other) => one.fill - other.fill)
  const above = sorted.findIndex((point) => point.fill >= fill)
  if (above < 0) return null
  const high = sorted[above] as TrialPoint
  const low = sorted[above - 1]
  if (!low) return high
  const share = (fill - low.fill) / Math.max(high.fill - low.fill, 1e-9)
  const between = (name: 'stock_days' | 'empty' | 'orders'): number => low[name] + share * (high[name] - low[name])
  return { knob: 0, fill, stock_days: between('stock_days'), empty: between('empty'), orders: between('orders') }
}

const Curves = ({ trial }: { trial: Trial }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const option = useMemo(() => {
    const colours = [tokens.brand, tokens.warning, tokens.good, tokens.unknown]
    return {
      textStyle: { fontFamily: FONT },
      grid: { left: 8, right: 24, top: 36, bottom: 28, containLabel: true },
      legend: { left: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: tokens.textSoft, fontSize: 12 } },
      tooltip: { trigger: 'item', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text, fontSize: 12 }, formatter: (point: { seriesName: string; value: [number, number] }) => `${point.seriesName}<br>${t('库存 {{n}} 天', { n: sayNumber(point.value[0], 1) })} · ${t('满足率 {{n}}%', { n: sayNumber(point.value[1], 1) })}` },
      xAxis: { type: 'value', name: t('库存天数'), nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: tokens.textFaint }, max: 60, axisLabel: { color: tokens.textFaint }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
      yAxis: { type: 'value', min: 60, max: 100, axisLabel: { color: tokens.textFaint, formatter: '{value}%' }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
      series: trial.policies.map((policy, place) => ({ type: 'line', name: pick(policy, 'name'), color: colours[place % colours.length], lineStyle: { width: place === 0 ? 3 : 1.5 }, symbolSize: 6, data: policy.points.map((point) => [point.stock_days, point.fill * 100]).filter(([days]) => (days ?? 0) <= 60) })),
    }
  }, [trial, tokens, t])
  return <Suspense fallback={<CardSkeleton lines={6} />}><Chart option={option} height={320} label={t('各策略的满足率与库存天数')} /></Suspense>
}

const Table = ({ trial }: { trial: Trial }) => {
  const { t } = useTranslation()
  return (
    <table className="trial-table num">
      <thead><tr><th>{t('满足率同为 95% 时')}</th><th>{t('库存天数')}</th><th>{t('断货比例')}</th><th>{t('下单行数')}</th></tr></thead>
      <tbody>
        {trial.policies.map((policy) => {
          const point = at(policy.points, 0.95)
          return <tr key={policy.type}><th scope="row">{pick(policy, 'name')}</th><td>{point ? sayNumber(point.stock_days, 1) : '—'}</td><td>{point ? `${sayNumber(point.empty * 100, 1)}%` : '—'}</td><td>{point ? sayNumber(Math.round(point.orders)) : '—'}</td></tr>
        })}
      </tbody>
    </table>
  )
}

export const TrialDrawer = ({ trial, onClose, allowed }: { trial: Trial | null; onClose: () => void; allowed: boolean }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [lead, setLead] = useState(trial?.lead_days ?? 7)
  const run = useMutation({ mutationFn: () => api.post<Trial>('/plans/trial', { lead_days: lead, weeks: 13 }), onSuccess: () => client.invalidateQueries({ queryKey: ['plan'] }) })
  const shown = run.data ?? trial
  return (
    <Drawer open size={720} title={t('用自己的历史试算策略')} onClose={onClose} destroyOnHidden>
      <div className="stack">
        <p className="soft">{t('把每种策略放回过去 13 周，每周只用当时知道的数据下单，看它会留多少库存、断多少货。')}</p>
        {allowed ? <div className="row wrap"><label className="row">{t('提前期')} <InputNumber min={1} max={60} value={lead} onChange={(value) => setLead(value ?? 7)} style={{ width: 80 }} /> {t('天')}</label><Button type="primary" loading={run.isPending} onClick={() => run.mutate()}>{shown ? t('重新试算') : t('开始试算')}</Button>{run.isPending ? <span className="faint">{t('约需半分钟到两分钟')}</span> : null}</div> : null}
        {shown ? (
          <>
            <p className="num">{t('标称 {{nominal}}% 的分位数，实际盖住了 {{coverage}}% 的需求（{{skus}} 个商品 × {{weeks}} 周）。', { nominal: sayNumber(shown.nominal * 100), coverage: sayNumber(shown.coverage * 100, 1), skus: shown.skus, weeks: shown.weeks })}</p>
            <Curves trial={shown} />
            <Table trial={shown} />
            <p className="faint">{t('越靠左上越好：同样的满足率，库存天数更少。断货部分按丢单计。')}</p>
          </>
        ) : run.isPending ? <CardSkeleton lines={8} /> : <Empty title={t('还没有试算过')} text={t('试算只读取销量历史，不会改动任何数据。')} />}
      </div>
    </Drawer>
  )
}
