/** Were we right? Error, bias and coverage by level; what each step added; who helped and who hurt; the worst items. */
import { AimOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Segmented, Table } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../api/client'
import { useTokens } from '../../app/theme'
import { FONT } from '../../app/tokens'
import { PageHeader } from '../../components/page-header'
import { Person } from '../../components/person'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { Status } from '../../components/status'
import { sayNumber } from '../../lib/numbers'
import { type Accuracy, type Change, sayShare } from './accuracy-data'
import { Ladder } from './ladder'
import { Tabs } from './tabs'
import './forecasts.css'

const Chart = lazy(() => import('../../components/chart').then((module) => ({ default: module.Chart })))

const right = (wape: number | null | undefined): string => (wape === null || wape === undefined ? '—' : sayShare(Math.max(0, 1 - wape)))

const Figures = ({ report }: { report: Accuracy }) => {
  const { t } = useTranslation()
  const of = (level: string) => report.levels?.find((one) => one.level === level)?.steps.at(-1)
  return (
    <dl className="forecast-figures">
      <div><dt>{t('备货准确率 · 商品')}</dt><dd className="num">{right(of('sku')?.wape)}</dd><span className="faint">{t('每个商品 {{n}} 天的总量', { n: report.length })}</span></div>
      <div><dt>{t('备货准确率 · 全店')}</dt><dd className="num">{right(of('total')?.wape)}</dd><span className="faint">{t('全店 {{n}} 天的总量', { n: report.length })}</span></div>
      <div><dt>{t('偏差')}</dt><dd className="num">{sayShare(of('total')?.bias, true)}</dd><span className="faint">{t('正数是预测偏高')}</span></div>
      {(report.coverage ?? []).map((one) => (
        <div key={one.level}><dt>{t('说 {{n}} 的把握', { n: sayShare(one.level) })}</dt><dd className="num">{sayShare(one.covered)}</dd>{one.alarm ? <Status tone="warning" plain>{t('漂移了，分位数该重算')}</Status> : <span className="faint">{t('实际落在线内的比例')}</span>}</div>
      ))}
    </dl>
  )
}

const Trend = ({ report }: { report: Accuracy }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const option = useMemo<EChartsCoreOption>(() => {
    const rows = report.trend ?? []
    const percent = (value: number | null): number | null => (value === null ? null : Math.round(1000 * value) / 10)
    const line = (name: string, values: (number | null)[], color: string, more: object = {}) => ({ name, type: 'line', data: values, symbolSize: 7, lineStyle: { color, width: 2 }, itemStyle: { color }, ...more })
    return {
      textStyle: { fontFamily: FONT },
      grid: { left: 8, right: 12, top: 36, bottom: 4, containLabel: true },
      legend: { left: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: tokens.textSoft } },
      tooltip: { trigger: 'axis', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text }, valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value}%` : '—') },
      xAxis: { type: 'category', data: rows.map((row) => row.day), axisTick: { show: false }, axisLine: { lineStyle: { color: tokens.line } }, axisLabel: { color: tokens.textFaint, hideOverlap: true } },
      yAxis: { type: 'value', axisLabel: { color: tokens.textFaint, formatter: '{value}%' }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
      series: [line(t('误差 WAPE'), rows.map((row) => percent(row.wape)), tokens.forecast), line(t('照搬上周的误差'), rows.map((row) => percent(row.naive)), tokens.textFaint, { lineStyle: { type: 'dashed', color: tokens.textFaint } }), line(t('偏差'), rows.map((row) => percent(row.bias)), tokens.warning)],
    }
  }, [report, tokens, t])
  return <Suspense fallback={<CardSkeleton lines={4} />}><Chart option={option} height={220} label={t('每次预测的误差与偏差')} /></Suspense>
}

const People = ({ people }: { people: NonNullable<Accuracy['people']> }) => {
  const { t } = useTranslation()
  if (people.changes.length === 0) return <Empty title={t('还没有到期的人工修改')} text={t('在曲线上拖一个点来改预测；那些天过去以后，这里会说改得好不好。')} />
  return (
    <>
      <ul className="people-list">
        {people.authors.map((one) => (
          <li key={one.author} className="row wrap"><Person of={one.author} /><span className="grow soft">{t('{{n}} 次修改，{{helped}} 次更准，{{hurt}} 次更差', { n: one.changes, helped: one.helped, hurt: one.hurt })}</span><strong className={`num ${one.gained >= 0 ? 'good-text' : 'critical-text'}`}>{one.gained >= 0 ? t('少错 {{n}} 件', { n: sayNumber(one.gained, 0) }) : t('多错 {{n}} 件', { n: sayNumber(-one.gained, 0) })}</strong></li>
        ))}
      </ul>
      <Table<Change>
        size="small"
        rowKey="id"
        dataSource={people.changes}
        pagination={people.changes.length > 10 ? { pageSize: 10, size: 'small' } : false}
        scroll={{ x: 720 }}
        columns={[
          { title: t('谁'), dataIndex: 'author', width: 90, render: (author: string) => <Person of={author} /> },
          { title: t('改了什么'), key: 'what', render: (_, one) => <span>{Object.values(one.where).join(' · ') || t('全部商品')} <span className="faint num">{one.from} ~ {one.to}</span><span className="block soft">{one.reason}</span></span> },
          { title: t('不改'), dataIndex: 'without', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
          { title: t('改后'), dataIndex: 'with', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
          { title: t('实际'), dataIndex: 'actual', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
          { title: t('结果'), dataIndex: 'gained', align: 'right', width: 130, render: (value: number) => <Status tone={value > 0 ? 'good' : value < 0 ? 'critical' : 'unknown'} plain>{value > 0 ? t('少错 {{n}} 件', { n: sayNumber(value, 0) }) : value < 0 ? t('多错 {{n}} 件', { n: sayNumber(-value, 0) }) : t('没有差别')}</Status> },
        ]}
      />
    </>
  )
}

const Worst = ({ report }: { report: Accuracy }) => {
  const { t } = useTranslation()
  return (
    <Table
      size="small"
      rowKey="sku"
      dataSource={report.worst ?? []}
      pagination={false}
      scroll={{ x: 560, y: 360 }}
      columns={[
        { title: t('商品'), key: 'sku', render: (_, one) => <Link to={`/forecasts?sku=${encodeURIComponent(one.sku)}`}>{one.name} <span className="faint">{one.sku}</span></Link> },
        { title: t('实际'), dataIndex: 'actual', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
        { title: t('预测'), dataIndex: 'forecast', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
        { title: t('错了'), dataIndex: 'error', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
        { title: t('偏差'), dataIndex: 'bias', align: 'right', width: 90, render: (value: number | null) => sayShare(value, true) },
      ]}
    />
  )
}

const Categories = ({ report }: { report: Accuracy }) => {
  const { t } = useTranslation()
  return (
    <Table
      size="small"
      rowKey="category"
      dataSource={report.categories ?? []}
      pagination={false}
      scroll={{ x: 480, y: 360 }}
      columns={[
        { title: t('类目'), key: 'category', render: (_, one) => <Link to={`/forecasts?category=${encodeURIComponent(one.category)}`}>{one.category || t('未分类')}</Link> },
        { title: t('误差'), dataIndex: 'wape', align: 'right', width: 90, render: (value: number | null) => sayShare(value) },
        { title: t('偏差'), dataIndex: 'bias', align: 'right', width: 90, render: (value: number | null) => sayShare(value, true) },
        { title: t('比照搬上周好'), dataIndex: 'added', align: 'right', width: 130, render: (value: number | null) => <span className={(value ?? 0) >= 0 ? 'good-text' : 'critical-text'}>{sayShare(value, true)}</span> },
      ]}
    />
  )
}

const AccuracyPage = () => {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const length = search.get('length') ?? '28'
  const answer = useQuery({ queryKey: ['forecast', 'accuracy', length], queryFn: ({ signal }) => api.get<Accuracy>('/forecast-accuracy', { length }, signal), placeholderData: keepPreviousData })
  const report = answer.data
  return (
    <div className="page forecasts">
      <PageHeader title={t('预测准不准')} text={report && report.vintages.length > 0 ? t('拿 {{n}} 次预测与后来的实际销量对账：{{from}} 至 {{to}}', { n: report.vintages.length, from: report.vintages[0], to: report.vintages.at(-1) }) : t('每次预测都存着，日子过去后与实际销量对账')} actions={<Segmented value={length} onChange={(value) => setSearch({ length: value })} options={['7', '14', '28'].map((value) => ({ value, label: t('{{n}} 天总量', { n: value }) }))} />} />
      <div className="row between wrap forecast-bar"><Tabs at="/forecasts/accuracy" /></div>
      {answer.isPending ? <div className="card card-body"><CardSkeleton lines={10} /></div> : null}
      {answer.isError ? <div className="card"><Failed error={answer.error} retry={() => void answer.refetch()} /></div> : null}
      {report && report.vintages.length === 0 ? <div className="card"><Empty icon={<AimOutlined />} title={t('还没有到期的预测')} text={report.next ? t('第一次对账在 {{day}}：那天之后才知道预测得准不准。', { day: report.next }) : t('先运行一次预测，{{n}} 天后就能对账。', { n: length })} /></div> : null}
      {report && report.vintages.length > 0 ? (
        <div className="stack">
          <section className="card card-body"><Figures report={report} /></section>
          <section className="card"><div className="card-head"><div><h2>{t('每一步帮了多少忙')}</h2><p className="faint">{t('误差（WAPE）越小越好；↓ 是比前一步少了多少，↑ 是多了多少')}</p></div></div><div className="card-body"><Ladder levels={report.levels ?? []} /></div></section>
          <div className="grid-2 even">
            <section className="card"><div className="card-head"><h2>{t('一次次下来')}</h2></div><div className="card-body"><Trend report={report} /></div></section>
            <section className="card"><div className="card-head"><h2>{t('各类目')}</h2></div><div className="card-body"><Categories report={report} /></div></section>
          </div>
          <section className="card"><div className="card-head"><div><h2>{t('人改得怎么样')}</h2><p className="faint">{t('在修改的那一层算账：不改会错多少，改了错多少')}</p></div></div><div className="card-body">{report.people ? <People people={report.people} /> : null}</div></section>
          <section className="card"><div className="card-head"><h2>{t('错得最多的商品')}</h2></div><div className="card-body"><Worst report={report} /></div></section>
        </div>
      ) : null}
    </div>
  )
}

export default AccuracyPage
