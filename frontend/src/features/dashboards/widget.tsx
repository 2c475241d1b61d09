/** One widget: a number, a curve, bars, a share of the whole, a table, or one of the shop's own lists. */
import { useQuery } from '@tanstack/react-query'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { Definition, Episode, FormDefinition, Page, RecordItem } from '../../api/types'
import { useTokens } from '../../app/theme'
import { FONT } from '../../app/tokens'
import { CardSkeleton } from '../../components/states'
import { LevelTag } from '../../components/status'
import { pick } from '../../i18n'
import { cellText } from '../../lib/fields'
import { sayNumber } from '../../lib/numbers'
import { type Widget, type WidgetData, widthOf } from './types'

const Chart = lazy(() => import('../../components/chart').then((module) => ({ default: module.Chart })))

const PALETTE = ['#3358d4', '#17734f', '#dfa23b', '#8e5bd0', '#c63c2e', '#2a8fa5', '#7a8699']

const Drawn = ({ widget, groups }: { widget: Widget; groups: NonNullable<WidgetData['groups']> }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const option = useMemo<EChartsCoreOption>(() => {
    const names = groups.map((group) => group.label || t('未填写'))
    const flat = widget.type === 'bar' && groups.length > 4
    const category = { type: 'category', data: names, inverse: flat, axisLabel: { color: tokens.textFaint, hideOverlap: true, width: 110, overflow: 'truncate' }, axisTick: { show: false }, axisLine: { lineStyle: { color: tokens.line } } }
    const value = { type: 'value', axisLabel: { color: tokens.textFaint, hideOverlap: true }, splitLine: { lineStyle: { color: tokens.lineSoft } } }
    return {
      textStyle: { fontFamily: FONT },
      grid: { left: 4, right: 20, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text } },
      xAxis: flat ? value : category,
      yAxis: flat ? category : value,
      series: [{ type: widget.type === 'line' ? 'line' : 'bar', data: groups.map((group) => group.value), itemStyle: { color: tokens.brand, borderRadius: 3 }, showSymbol: false, barMaxWidth: 28 }],
    }
  }, [groups, widget.type, tokens, t])
  return <Suspense fallback={<CardSkeleton lines={4} />}><Chart option={option} height={220} label={pick(widget, 'title')} /></Suspense>
}

/** Shares of the whole as one bar and a list: read faster than slices. */
const Shares = ({ groups }: { groups: NonNullable<WidgetData['groups']> }) => {
  const { t } = useTranslation()
  const whole = groups.reduce((sum, group) => sum + (group.value ?? 0), 0)
  const part = (value: number | null): number => (whole > 0 ? ((value ?? 0) / whole) * 100 : 0)
  return (
    <div className="shares">
      <div className="shares-bar" aria-hidden="true">{groups.map((group, index) => <span key={group.key ?? ''} style={{ width: `${part(group.value)}%`, background: PALETTE[index % PALETTE.length] }} />)}</div>
      <ul>{groups.slice(0, 8).map((group, index) => <li key={group.key ?? ''} className="row between"><span className="row"><i style={{ background: PALETTE[index % PALETTE.length] }} />{group.label || t('未填写')}</span><span className="num">{sayNumber(group.value)} <span className="faint">{sayNumber(part(group.value), 0)}%</span></span></li>)}</ul>
    </div>
  )
}

const Rows = ({ form, data }: { form: string; data: WidgetData }) => {
  const { t } = useTranslation()
  const definition = useQuery({ queryKey: ['form', form], queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${form}`), staleTime: 300_000 })
  const fields = definition.data?.definition?.fields ?? []
  const shown = (data.columns?.length ? data.columns : fields.slice(0, 5).map((field) => field.key)).flatMap((key) => fields.filter((field) => field.key === key))
  if (data.items?.length === 0) return <p className="faint">{t('没有记录')}</p>
  return (
    <div className="widget-table">
      <table className="values">
        <thead><tr>{shown.map((field) => <th key={field.key}>{pick(field, 'label')}</th>)}</tr></thead>
        <tbody>{data.items?.map((record) => <tr key={record.id}>{shown.map((field, index) => <td key={field.key} className="num">{index === 0 ? <Link to={`/records/${form}/${record.id}`}>{cellText(field, record)}</Link> : cellText(field, record)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}

const Alerts = () => {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['list', '/alerts', 'dashboard'], queryFn: () => api.get<Page<Episode>>('/alerts', { state: 'firing', limit: 6 }) })
  if (!found.data) return <CardSkeleton lines={4} />
  if (found.data.items.length === 0) return <p className="faint">{t('没有预警')}</p>
  return <ul className="widget-list">{found.data.items.map((item) => <li key={item.id}><Link to={`/alerts/${item.id}`} className="row"><LevelTag level={item.level} plain /><span className="ellipsis">{Object.values({ ...item.keys, ...item.labels }).join(' · ')}</span></Link><span className="faint num ellipsis">{pick(item, 'explanation')}</span></li>)}</ul>
}

const Listed = ({ path, to }: { path: string; to: string }) => {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['list', path, 'dashboard'], queryFn: () => api.get<Page<RecordItem & { title?: string; code?: string; labels?: Record<string, string> }>>(path, { limit: 6 }) })
  if (!found.data) return <CardSkeleton lines={4} />
  if (found.data.items.length === 0) return <p className="faint">{t('没有记录')}</p>
  return <ul className="widget-list">{found.data.items.slice(0, 6).map((item) => <li key={item.id}><Link to={to} className="ellipsis">{item.title ?? [item.values?.code, ...Object.values(item.labels ?? {})].filter(Boolean).join(' · ')}</Link></li>)}</ul>
}

const Body = ({ widget, data }: { widget: Widget; data: WidgetData | undefined }) => {
  const { t } = useTranslation()
  if (widget.type === 'alerts') return <Alerts />
  if (widget.type === 'tasks') return <Listed path="/tasks" to="/tasks" />
  if (widget.type === 'todos') return <Listed path="/todos" to="/todos" />
  if (widget.type === 'text') return <p className="prewrap">{widget.text}</p>
  if (!data) return <CardSkeleton lines={widget.type === 'number' ? 1 : 4} />
  if (data.problem) return <p className="soft">{pick(data, 'problem')}</p>
  if (widget.type === 'table') return <Rows form={widget.form ?? ''} data={data} />
  if (data.groups) return data.groups.length === 0 ? <p className="faint">{t('没有记录')}</p> : widget.type === 'pie' || widget.type === 'funnel' ? <Shares groups={data.groups} /> : <Drawn widget={widget} groups={data.groups} />
  return <p className="widget-number num">{sayNumber(data.value)} <small>{widget.unit}</small></p>
}

export const WidgetCard = ({ widget, data, tools }: { widget: Widget; data: WidgetData | undefined; tools?: ReactNode }) => (
  <section className={`card pad widget ${widthOf(widget)}`} data-testid={`widget-${widget.id}`}>
    <div className="row between"><h2 className="card-title-inline">{pick(widget, 'title') || widget.id}</h2>{tools}</div>
    <Body widget={widget} data={data} />
  </section>
)
