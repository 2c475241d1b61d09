/** 大促复盘: plan against what came, what ran short and what lies too much, in money, and what to change next time. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Segmented, Table } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { api } from '../../api/client'
import { can, useMe } from '../../app/query'
import { useTokens } from '../../app/theme'
import { FONT } from '../../app/tokens'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { Status } from '../../components/status'
import { pick } from '../../i18n'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { percent, type Plan, type Review, type ReviewItem } from './data'
import './promotions.css'

const Chart = lazy(() => import('../../components/chart').then((module) => ({ default: module.Chart })))

const Figures = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  const { figures } = review
  const rows: [string, string, string, string?][] = [
    [t('计划'), t('{{n}} 件', { n: sayNumber(figures.planned, 0) }), t('建议采购 {{n}} 件', { n: sayNumber(review.plan.result.buy, 0) })],
    [t('实际'), t('{{n}} 件', { n: sayNumber(figures.actual, 0) }), figures.ratio === null ? '' : t('是计划的 {{n}}', { n: percent(figures.ratio) })],
    [t('备少了'), sayMoney(figures.missed_money), t('{{n}} 个商品断过货，估计少卖 {{m}} 件', { n: sayNumber(figures.short_items), m: sayNumber(figures.missed, 0) }), 'critical-text'],
    [t('备多了'), sayMoney(figures.over_money), t('{{n}} 个商品够卖三十天以上，压着 {{m}} 件', { n: sayNumber(figures.over_items), m: sayNumber(figures.over, 0) }), 'warning-text'],
  ]
  return <dl className="review-figures">{rows.map(([label, value, foot, tone]) => <div key={label}><dt>{label}</dt><dd className={`num ${tone ?? ''}`}>{value}</dd><span className="faint">{foot}</span></div>)}</dl>
}

const Curve = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const option = useMemo<EChartsCoreOption>(() => ({
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 12, top: 36, bottom: 4, containLabel: true },
    legend: { left: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: tokens.textSoft } },
    tooltip: { trigger: 'axis', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text }, valueFormatter: (value: unknown) => (typeof value === 'number' ? sayNumber(value, 0) : '—') },
    xAxis: { type: 'category', data: review.days, axisTick: { show: false }, axisLine: { lineStyle: { color: tokens.line } }, axisLabel: { color: tokens.textFaint, hideOverlap: true, formatter: (day: string) => `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}` } },
    yAxis: { type: 'value', min: 0, axisLabel: { color: tokens.textFaint }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
    series: [
      { name: t('实际'), type: 'bar', data: review.actual, itemStyle: { color: tokens.sales, borderRadius: [2, 2, 0, 0] }, barCategoryGap: '25%' },
      { name: t('计划'), type: 'line', step: 'middle', symbol: 'none', data: review.planned, lineStyle: { color: tokens.forecast, width: 2 }, itemStyle: { color: tokens.forecast } },
    ],
  }), [review, tokens, t])
  return <Suspense fallback={<CardSkeleton lines={6} />}><Chart option={option} height={280} label={t('计划与实际')} /></Suspense>
}

const Phases = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  return (
    <Table
      size="small"
      rowKey="from"
      pagination={false}
      scroll={{ x: 480 }}
      dataSource={review.phases}
      columns={[
        { title: t('阶段'), dataIndex: 'name' },
        { title: t('计划'), dataIndex: 'planned', align: 'right', render: (value: number) => sayNumber(value, 0) },
        { title: t('实际'), dataIndex: 'actual', align: 'right', render: (value: number) => sayNumber(value, 0) },
        { title: t('完成'), key: 'ratio', align: 'right', render: (_, one) => percent(one.planned ? one.actual / one.planned : 0) },
        { title: t('计划倍数'), dataIndex: 'multiplier', align: 'right', render: (value: number) => `× ${sayNumber(value)}` },
        { title: t('实际倍数'), dataIndex: 'seen', align: 'right', render: (value: number) => `× ${sayNumber(value)}` },
      ]}
    />
  )
}

const Items = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  const [side, setSide] = useState<'short' | 'over'>('short')
  const number = (title: string, key: keyof ReviewItem, money = false) => ({ title: t(title), dataIndex: key, align: 'right' as const, width: 110, render: (value: number) => (money ? sayMoney(value) : sayNumber(value, 0)) })
  return (
    <section className="card">
      <div className="card-head"><h2>{t('哪些商品')}</h2><Segmented value={side} onChange={setSide} options={[{ value: 'short', label: t('备少了') }, { value: 'over', label: t('备多了') }]} /></div>
      <div className="card-body">
        {review.items[side].length === 0 ? <Empty good title={side === 'short' ? t('没有断过货') : t('没有压货')} /> : (
          <Table<ReviewItem>
            size="small"
            rowKey="sku"
            pagination={false}
            scroll={{ x: 760, y: 360 }}
            dataSource={review.items[side]}
            columns={[
              { title: t('商品'), key: 'sku', width: 200, render: (_, one) => <Link to={`/forecasts?sku=${encodeURIComponent(one.sku)}`}>{one.name} <span className="faint">{one.sku}</span></Link> },
              number('计划', 'demand'),
              number('实际', 'actual'),
              number('结束时还剩', 'left'),
              ...(side === 'short' ? [number('断货天数', 'out_days'), number('少卖', 'missed'), number('少赚', 'missed_money', true)] : [number('多出', 'over'), number('压住', 'over_money', true)]),
            ]}
          />
        )}
      </div>
    </section>
  )
}

const Lessons = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const client = useQueryClient()
  const adopt = useMutation({
    mutationFn: () => api.post<Plan>(`/promotions/${review.plan.id}/adopt`),
    onSuccess: (plan) => {
      void client.invalidateQueries({ queryKey: ['promotions'] })
      void message.success(t('已按教训做好明年的计划：{{name}}', { name: plan.name }))
    },
  })
  const names: Record<string, string> = { multiplier: t('倍数'), salvage: t('残值') }
  return (
    <section className="card">
      <div className="card-head"><div><h2>{t('教训')}</h2><p className="faint">{t('下次建议改的参数，采纳后会做成明年的计划')}</p></div>{can(me.user.roles, 'operator', 'designer') ? <Button type="primary" loading={adopt.isPending} onClick={() => adopt.mutate()}>{t('采纳，做明年的计划')}</Button> : null}</div>
      <ul className="card-body lesson-list">
        {review.lessons.length === 0 ? <li>{t('各阶段都在计划的一成以内，照旧。')}</li> : null}
        {review.lessons.map((one) => <li key={`${one.parameter}${one.phase}`} className="row between wrap"><span className="grow">{pick(one, 'reason')}</span><span className="num">{one.phase ? `${one.phase} ` : ''}{names[one.parameter] ?? one.parameter} <b>{sayNumber(one.from)} → {sayNumber(one.to)}</b></span></li>)}
      </ul>
    </section>
  )
}

const ReviewPage = () => {
  const { t } = useTranslation()
  const { id } = useParams()
  const answer = useQuery({ queryKey: ['promotions', 'review', id], queryFn: () => api.get<Review>(`/promotions/${id}/review`), retry: false })
  const review = answer.data
  return (
    <div className="page">
      <PageHeader title={review ? t('{{name}} 复盘', { name: review.plan.name }) : t('大促复盘')} back={{ to: '/promotions', label: t('大促') }} text={review ? <span className="num">{review.plan.from} ~ {review.plan.to}</span> : null} tag={review ? <Status tone={review.over ? 'unknown' : 'warning'}>{review.over ? t('已结束') : t('进行到 {{day}}', { day: review.until })}</Status> : null} />
      {answer.isPending ? <div className="card card-body"><CardSkeleton lines={10} /></div> : null}
      {answer.isError ? <div className="card"><Failed error={answer.error} retry={() => void answer.refetch()} /></div> : null}
      {review ? (
        <div className="stack">
          <section className="card card-body"><Figures review={review} /></section>
          <div className="grid-2 even"><section className="card"><div className="card-head"><h2>{t('计划与实际')}</h2></div><div className="card-body"><Curve review={review} /></div></section><section className="card"><div className="card-head"><h2>{t('各阶段')}</h2></div><div className="card-body"><Phases review={review} /></div></section></div>
          <Lessons review={review} />
          <Items review={review} />
        </div>
      ) : null}
    </div>
  )
}

export default ReviewPage
