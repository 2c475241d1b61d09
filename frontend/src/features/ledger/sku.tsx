/** One SKU: its numbers in each warehouse, the curve, what each channel may sell, and every entry of its ledger. */
import { useQuery } from '@tanstack/react-query'
import { Segmented, Tabs } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { api } from '../../api/client'
import type { Curve, Page, RecordItem } from '../../api/types'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { useList } from '../../components/use-list'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { ChannelView } from './channels'
import { Entries } from './entries'
import type { Balance, Entry } from './types'
import './ledger.css'

const CurveChart = lazy(() => import('../../components/curve-chart').then((module) => ({ default: module.CurveChart })))

export const usePlaces = (): Record<string, string> => {
  const found = useQuery({ queryKey: ['warehouses'], queryFn: () => api.get<Page<RecordItem>>('/forms/warehouse/records', { limit: 200 }), staleTime: 60_000 })
  return Object.fromEntries((found.data?.items ?? []).map((item) => [String(item.values.code), String(item.values.name ?? item.values.code)]))
}

const Position = ({ row, name, chosen, onChoose }: { row: Balance; name: string; chosen: boolean; onChoose: () => void }) => {
  const { t } = useTranslation()
  const available = (row.on_hand ?? 0) - (row.reserved ?? 0)
  const parts: [string, number][] = [[t('在库'), row.on_hand ?? 0], [t('占用'), row.reserved ?? 0], [t('在途'), row.in_transit ?? 0], [t('采购在订'), row.on_order ?? 0]]
  return (
    <button type="button" className={`card pad position ${chosen ? 'chosen' : ''}`} aria-pressed={chosen} onClick={onChoose}>
      <span className="row between"><span className="soft">{name}</span><strong className={`num ${available <= 0 ? 'bad' : ''}`}>{t('可用 {{n}}', { n: sayNumber(available) })}</strong></span>
      <span className="position-parts">{parts.map(([label, value]) => <span key={label}><small>{label}</small><b className={`num ${value ? '' : 'faint'}`}>{sayNumber(value)}</b></span>)}</span>
    </button>
  )
}

const CurvePart = ({ sku, warehouse }: { sku: string; warehouse: string }) => {
  const { t } = useTranslation()
  const [days, setDays] = useState(60)
  const curve = useQuery({ queryKey: ['stock-curve', sku, warehouse, days], queryFn: () => api.get<Curve>('/stock/curve', { sku, warehouse, days }) })
  return (
    <section className="card">
      <div className="card-head"><h2>{t('库存与销量')}</h2><Segmented size="small" value={days} onChange={setDays} options={[{ value: 30, label: t('30 天') }, { value: 60, label: t('60 天') }, { value: 180, label: t('180 天') }]} /></div>
      <div className="card-body">
        {curve.isPending ? <CardSkeleton lines={6} /> : null}
        {curve.isError ? <Failed error={curve.error} retry={() => void curve.refetch()} /> : null}
        {curve.data && curve.data.days.length > 0 ? <Suspense fallback={<CardSkeleton lines={6} />}><CurveChart curve={curve.data} /></Suspense> : null}
      </div>
    </section>
  )
}

const SkuPage = () => {
  const { t } = useTranslation()
  const { sku = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') ?? 'ledger'
  const warehouse = search.get('warehouse') ?? ''
  const places = usePlaces()
  const record = useQuery({ queryKey: ['sku', sku], queryFn: () => api.get<Page<RecordItem>>('/forms/sku/records', { filter: `code == '${sku.replace(/['\\]/g, '')}'`, limit: 1 }) })
  const list = useList<Entry>('/ledger/movements', { sku, warehouse })
  const all = useQuery({ queryKey: ['positions', sku], queryFn: () => api.get<Page<Entry> & { stock: Balance[] }>('/ledger/movements', { sku, limit: 1 }) })
  const own = record.data?.items[0]
  const set = (part: Record<string, string>): void => setSearch((previous) => {
    const next = new URLSearchParams(previous)
    for (const [name, value] of Object.entries(part)) { if (value) next.set(name, value); else next.delete(name) }
    return next
  }, { replace: true })
  const facts = own ? [own.values.category, own.values.stage, own.values.unit_cost ? t('采购成本 {{money}}', { money: sayMoney(own.values.unit_cost as number) }) : null, own.labels?.supplier].filter(Boolean).map(String) : []
  return (
    <div className="page">
      <PageHeader title={own ? String(own.values.name ?? sku) : sku} tag={<span className="num soft">{sku}</span>} text={facts.join(' · ')} back={{ to: '/stock/matrix', label: t('库存矩阵') }} />
      <div className="stack">
        {all.isPending ? <CardSkeleton lines={2} /> : null}
        {all.isError ? <Failed error={all.error} retry={() => void all.refetch()} /> : null}
        {all.data && all.data.stock.length > 0 ? <div className="positions">{all.data.stock.map((row) => <Position key={row.warehouse} row={row} name={places[row.warehouse] ?? row.warehouse} chosen={warehouse === row.warehouse} onChoose={() => set({ warehouse: warehouse === row.warehouse ? '' : row.warehouse })} />)}</div> : null}
        {all.data?.stock.length === 0 ? <div className="card"><Empty title={t('这个商品还没有库存')} text={t('收货、调拨或导入之后，这里会有数字。')} /></div> : null}
        <CurvePart sku={sku} warehouse={warehouse} />
        <section className="card sku-tabs"><Tabs activeKey={tab} onChange={(key) => set({ tab: key })} items={[{ key: 'ledger', label: t('库存流水') }, { key: 'channels', label: t('渠道可卖') }]} />{tab === 'ledger' ? <Entries list={list} places={places} /> : <div className="card-body"><ChannelView sku={sku} /></div>}</section>
      </div>
    </div>
  )
}

export default SkuPage
