/** Stock by SKU and warehouse: the numbers, and behind each row its curve and why it does (not) alert. */
import { BarChartOutlined, SearchOutlined } from '@ant-design/icons'
import { Button, Input, Segmented } from 'antd'
import type { TFunction } from 'i18next'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import type { RecordItem } from '../../api/types'
import { type Columns, ListView } from '../../components/list-view'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { StateTag, Status } from '../../components/status'
import { useList } from '../../components/use-list'
import { sayNumber } from '../../lib/numbers'
import { text } from '../tasks/words'
import { StockDrawer } from './drawer'
import './stock.css'

const number = (record: RecordItem, key: string): number => Number(record.values[key] ?? 0)

export const available = (record: RecordItem): number => number(record, 'on_hand') + number(record, 'in_transit') - number(record, 'reserved')

const figure = (t: TFunction, key: string, label: string): Columns<RecordItem>[number] => ({
  title: t(label),
  key,
  align: 'right',
  width: 96,
  sorter: true,
  render: (_: unknown, record: RecordItem) => <span className={number(record, key) === 0 ? 'faint num' : 'num'}>{sayNumber(number(record, key))}</span>,
})

const stockColumns = (t: TFunction, sort: string, open: (record: RecordItem) => void): Columns<RecordItem> => {
  const columns: Columns<RecordItem> = [
    { title: t('商品'), key: 'sku', width: 260, sorter: true, render: (_, record) => <button type="button" className="cell-title ellipsis block left" onClick={() => open(record)}>{text(record, 'sku')}</button> },
    { title: t('仓库'), key: 'warehouse', width: 110, sorter: true, render: (_, record) => text(record, 'warehouse') },
    figure(t, 'on_hand', '在库'),
    figure(t, 'reserved', '占用'),
    figure(t, 'in_transit', '在途'),
    figure(t, 'on_order', '已订未发'),
    { title: t('可用'), key: 'available', align: 'right', width: 120, render: (_, record) => (available(record) <= 0 ? <Status tone="critical">{t('断货')} <span className="num">{sayNumber(available(record))}</span></Status> : <strong className="num">{sayNumber(available(record))}</strong>) },
  ]
  return columns.map((column) => ('sorter' in column ? { ...column, sortOrder: sort === column.key ? ('ascend' as const) : sort === `-${String(column.key)}` ? ('descend' as const) : null } : column))
}

const StockCard = ({ record, open }: { record: RecordItem; open: (record: RecordItem) => void }) => {
  const { t } = useTranslation()
  return (
    <button type="button" className="card-row" onClick={() => open(record)}>
      <span className="row between"><span className="card-title">{text(record, 'sku')}</span>{available(record) <= 0 ? <StateTag state="out" /> : null}</span>
      <span className="card-meta num">{text(record, 'warehouse')} · {t('可用 {{n}}', { n: sayNumber(available(record)) })} · {t('在库 {{n}}', { n: sayNumber(number(record, 'on_hand')) })} · {t('在途 {{n}}', { n: sayNumber(number(record, 'in_transit')) })}</span>
    </button>
  )
}

const FILTERS: Record<string, string> = { all: '', stockout: 'on_hand <= 0', transit: 'in_transit > 0' }

const StockPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const [word, setWord] = useState(search.get('sku') ?? '')
  const [open, setOpen] = useState<RecordItem | null>(null)
  const only = search.get('only') ?? 'all'
  const sort = search.get('sort') ?? ''
  const q = useDeferredValue(word.trim())
  const list = useList<RecordItem>('/forms/stock/records', { filter: FILTERS[only] ?? '', sort, q })
  const columns = useMemo(() => stockColumns(t, sort, setOpen), [t, sort])
  const set = (name: string, value: string): void => setSearch((previous) => {
    const next = new URLSearchParams(previous)
    if (value) next.set(name, value)
    else next.delete(name)
    return next
  }, { replace: true })
  return (
    <div className="page">
      <PageHeader title={t('库存')} text={t('每个商品在每个仓库还有多少（件）')} actions={<><Button type="text" onClick={() => void navigate('/stock/books')}>{t('库存账')}</Button><Segmented value="list" onChange={() => void navigate('/stock/matrix')} options={[{ value: 'matrix', label: t('矩阵') }, { value: 'list', label: t('列表') }]} /></>} />
      <div className="card">
        <div className="toolbar">
          <Segmented value={only} onChange={(value) => set('only', value === 'all' ? '' : String(value))} options={[{ value: 'all', label: t('全部') }, { value: 'stockout', label: t('已断货') }, { value: 'transit', label: t('有在途') }]} />
          <span className="spacer" />
          <Input allowClear aria-label={t('搜索商品')} placeholder={t('搜索商品编码或名称')} prefix={<SearchOutlined />} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 240 }} />
        </div>
        <ListView
          list={list}
          columns={columns}
          rowKey={(record) => record.id}
          onOpen={setOpen}
          width={874}
          onChange={(_page, _filters, sorter) => {
            const one = Array.isArray(sorter) ? sorter[0] : sorter
            set('sort', one?.order ? `${one.order === 'descend' ? '-' : ''}${String(one.columnKey)}` : '')
          }}
          card={(record) => <StockCard record={record} open={setOpen} />}
          empty={q || only !== 'all' ? <Empty title={t('没有符合条件的库存')} text={t('换一个条件试试。')} /> : <Empty icon={<BarChartOutlined />} title={t('还没有库存')} text={t('导入一张库存表，马上就能看到哪些快断货。')} action={<Button type="primary" onClick={() => void navigate('/import')}>{t('导入库存')}</Button>} />}
        />
      </div>
      {open ? <StockDrawer record={open} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

export default StockPage
