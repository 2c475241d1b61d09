/** The stock matrix: SKUs down, warehouses across; the colour says how long it lasts. */
import { SearchOutlined } from '@ant-design/icons'
import { Input, Segmented, Select, Tooltip } from 'antd'
import type { TFunction } from 'i18next'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import type { Page } from '../../api/types'
import { type Columns, ListView } from '../../components/list-view'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { useList } from '../../components/use-list'
import { sayMoney, sayNumber } from '../../lib/numbers'
import './matrix.css'

interface Cell {
  on_hand: number
  reserved: number
  in_transit: number
  on_order: number
  available: number
  daily: number
  days: number | null
}

interface Row {
  sku: string
  name: string
  category: string
  stage: string
  sold: number
  days: number | null
  value: number
  cells: Record<string, Cell>
}

type Answer = Page<Row> & { warehouses: { code: string; name: string }[]; categories: string[] }

export const heat = (cell: Cell | undefined): string => {
  if (!cell || (cell.on_hand === 0 && cell.daily === 0)) return 'none'
  if (cell.daily === 0) return 'idle'
  if (cell.available <= 0) return 'out'
  const days = cell.days ?? 0
  return days < 7 ? 'short' : days < 14 ? 'thin' : days <= 60 ? 'good' : days <= 180 ? 'much' : 'over'
}

const HEATS: [string, string][] = [['out', '断货'], ['short', '不足 7 天'], ['thin', '7–14 天'], ['good', '14–60 天'], ['much', '60–180 天'], ['over', '超过半年'], ['idle', '没有销量']]

const HeatCell = ({ cell, sku, warehouse }: { cell: Cell | undefined; sku: string; warehouse: string }) => {
  const { t } = useTranslation()
  if (!cell) return <span className="heat none">·</span>
  const coming = cell.in_transit + cell.on_order
  return (
    <Tooltip title={<span className="num">{t('在库 {{on}} · 占用 {{held}} · 在途 {{way}} · 在订 {{order}} · 日均 {{daily}}', { on: sayNumber(cell.on_hand), held: sayNumber(cell.reserved), way: sayNumber(cell.in_transit), order: sayNumber(cell.on_order), daily: sayNumber(cell.daily) })}</span>} mouseEnterDelay={0.25}>
      <Link to={`/stock/${encodeURIComponent(sku)}?warehouse=${encodeURIComponent(warehouse)}`} className={`heat ${heat(cell)} num`}>
        <b>{sayNumber(cell.available)}</b>
        <small>{cell.days === null ? t('无销量') : t('{{n}} 天', { n: sayNumber(Math.round(cell.days)) })}{coming > 0 ? ` +${sayNumber(coming)}` : ''}</small>
      </Link>
    </Tooltip>
  )
}

const columnsOf = (t: TFunction, warehouses: Answer['warehouses']): Columns<Row> => [
  { title: t('商品'), key: 'sku', width: 250, fixed: 'left', render: (_, row) => <div className="cell-two"><Link className="cell-title ellipsis block" to={`/stock/${encodeURIComponent(row.sku)}`}>{row.name}</Link><small className="num">{row.sku} · {row.category} · {row.stage}</small></div> },
  ...warehouses.map((place) => ({ title: place.name, key: place.code, width: 128, align: 'center' as const, render: (_: unknown, row: Row) => <HeatCell cell={row.cells[place.code]} sku={row.sku} warehouse={place.code} /> })),
  { title: t('日均销量'), key: 'sold', width: 92, align: 'right', render: (_, row) => <span className="num">{sayNumber(row.sold)}</span> },
  { title: t('合计够卖'), key: 'days', width: 96, align: 'right', render: (_, row) => <span className="num">{row.days === null ? '—' : t('{{n}} 天', { n: sayNumber(Math.round(row.days)) })}</span> },
  { title: t('库存金额'), key: 'value', width: 116, align: 'right', render: (_, row) => <span className="num">{sayMoney(row.value)}</span> },
]

const MatrixPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const [word, setWord] = useState('')
  const q = useDeferredValue(word.trim())
  const get = (name: string): string => search.get(name) ?? ''
  const list = useList<Row>('/stock/matrix', { q, category: get('category'), only: get('only'), sort: get('sort') })
  const first = list.first as Answer | undefined
  const columns = useMemo(() => columnsOf(t, first?.warehouses ?? []), [t, first?.warehouses])
  const set = (name: string, value: string): void => setSearch((previous) => {
    const next = new URLSearchParams(previous)
    if (value) next.set(name, value)
    else next.delete(name)
    return next
  }, { replace: true })
  return (
    <div className="page">
      <PageHeader title={t('库存矩阵')} text={<span className="heat-key">{HEATS.map(([name, label]) => <span key={name}><i className={`heat ${name}`} />{t(label)}</span>)}</span>} documentTitle={t('库存矩阵')} actions={<Segmented value="matrix" onChange={() => void navigate('/stock')} options={[{ value: 'matrix', label: t('矩阵') }, { value: 'list', label: t('列表') }]} />} />
      <div className="card">
        <div className="toolbar">
          <Segmented className="scroll-x" value={get('only')} onChange={(value) => set('only', value)} options={[{ value: '', label: t('全部') }, { value: 'out', label: t('已断货') }, { value: 'short', label: t('不足一周') }, { value: 'over', label: t('积压') }]} />
          <Select allowClear aria-label={t('品类')} placeholder={t('品类')} value={get('category') || undefined} onChange={(value) => set('category', value ?? '')} options={(first?.categories ?? []).map((value) => ({ value, label: value }))} style={{ width: 120 }} />
          <Select aria-label={t('排序')} value={get('sort') || 'urgency'} onChange={(value) => set('sort', value)} options={[{ value: 'urgency', label: t('最急的在前') }, { value: 'sold', label: t('卖得多的在前') }, { value: 'value', label: t('占钱多的在前') }, { value: 'sku', label: t('按编码') }]} style={{ width: 136 }} />
          <span className="spacer" />
          <Input allowClear aria-label={t('搜索商品')} placeholder={t('搜索商品编码或名称')} prefix={<SearchOutlined />} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 220 }} />
        </div>
        <ListView
          list={list}
          columns={columns}
          rowKey={(row) => row.sku}
          width={560 + 128 * (first?.warehouses.length ?? 3)}
          card={(row) => (
            <div className="card-row"><span className="row between"><Link className="card-title" to={`/stock/${encodeURIComponent(row.sku)}`}>{row.name}</Link><span className="num faint">{row.sku}</span></span><span className="heat-row">{(first?.warehouses ?? []).map((place) => <span key={place.code}><small className="faint">{place.name}</small><HeatCell cell={row.cells[place.code]} sku={row.sku} warehouse={place.code} /></span>)}</span></div>
          )}
          empty={<Empty title={t('没有符合条件的库存')} text={t('换一个条件试试。')} />}
          unit={t('个商品')}
        />
      </div>
    </div>
  )
}

export default MatrixPage
