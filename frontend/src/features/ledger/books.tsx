/** The books of stock: what came in and went out in money, and vouchers for the accounting program. */
import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Segmented, Select, Table } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, queryString } from '../../api/client'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { Status } from '../../components/status'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { type Books, KIND_WORDS } from './types'
import './ledger.css'

const INCOMING = new Set(['receipt', 'receive', 'arrive', 'return', 'count_gain', 'edit'])
const NEUTRAL = new Set(['transfer_out', 'transfer_in'])

const Flow = ({ books }: { books: Books }) => {
  const { t } = useTranslation()
  const most = Math.max(books.opening, books.closing, ...books.kinds.map((row) => row.amount), 1)
  const bar = (label: string, amount: number, tone: string, sign = '') => <li key={label}><span>{label}</span><span className="flow-bar"><i className={tone} style={{ width: `${(100 * amount) / most}%` }} /></span><strong className="num">{sign}{sayMoney(amount)}</strong></li>
  return (
    <ul className="book-flow">
      {bar(t('期初'), books.opening, 'neutral')}
      {books.kinds.filter((row) => !NEUTRAL.has(row.kind)).map((row) => bar(t(KIND_WORDS[row.kind] ?? row.kind), row.amount, INCOMING.has(row.kind) ? 'in' : 'out', INCOMING.has(row.kind) ? '+' : '−'))}
      {bar(t('期末'), books.closing, 'neutral')}
    </ul>
  )
}

const BooksPage = () => {
  const { t } = useTranslation()
  const [range, setRange] = useState<[Dayjs, Dayjs]>([dayjs().startOf('month'), dayjs()])
  const [method, setMethod] = useState('perpetual')
  const [layout, setLayout] = useState('csv')
  const query = { since: range[0].format('YYYY-MM-DD'), until: range[1].format('YYYY-MM-DD'), method }
  const books = useQuery({ queryKey: ['books', query], queryFn: () => api.get<Books>('/ledger/books', query) })
  const formats = useQuery({ queryKey: ['formats'], queryFn: () => api.get<{ formats: Record<string, unknown> }>('/ledger/formats') })
  const names: Record<string, string> = { csv: t('通用 CSV'), kingdee: t('金蝶列名'), yonyou: t('用友列名') }
  return (
    <div className="page">
      <PageHeader title={t('库存账')} text={t('按加权平均计价：移动平均或月末一次')} back={{ to: '/stock', label: t('库存') }} actions={<><Select value={layout} onChange={setLayout} aria-label={t('凭证格式')} options={Object.keys(formats.data?.formats ?? names).map((value) => ({ value, label: names[value] ?? value }))} style={{ width: 132 }} /><Button icon={<DownloadOutlined />} href={`/api/v1/ledger/vouchers.csv${queryString({ ...query, layout })}`}>{t('下载凭证')}</Button></>} />
      <div className="card">
        <div className="toolbar">
          <DatePicker.RangePicker value={range} allowClear={false} onChange={(value) => { if (value?.[0] && value[1]) setRange([value[0], value[1]]) }} />
          <Segmented value={method} onChange={setMethod} options={[{ value: 'perpetual', label: t('移动平均') }, { value: 'periodic', label: t('月末一次') }]} />
          <span className="spacer" />
          {books.data ? <Status tone={books.data.balanced ? 'good' : 'critical'}>{books.data.balanced ? t('期初 + 收入 − 发出 = 期末') : t('不平，请联系管理员')}</Status> : null}
        </div>
        {books.isPending ? <TableSkeleton /> : null}
        {books.isError ? <Failed error={books.error} retry={() => void books.refetch()} /> : null}
        {books.data && books.data.skus.length === 0 ? <Empty title={t('这段时间没有库存变动')} /> : null}
        {books.data && books.data.skus.length > 0 ? (
          <div className="book-columns">
            <Flow books={books.data} />
            <Table size="middle" virtual scroll={{ x: 560, y: 520 }} pagination={false} rowKey="sku" dataSource={books.data.skus} columns={[
              { title: t('商品'), key: 'sku', width: 200, render: (_, row) => <div className="cell-two"><Link className="cell-title ellipsis block" to={`/stock/${encodeURIComponent(row.sku)}`}>{row.name}</Link><small className="num">{row.sku}</small></div> },
              { title: t('期初'), key: 'opening', align: 'right', width: 110, render: (_, row) => <span className="num">{sayMoney(row.opening)}</span> },
              { title: t('结存数量'), key: 'units', align: 'right', width: 90, render: (_, row) => <span className="num">{sayNumber(row.units)}</span> },
              { title: t('平均成本'), key: 'cost', align: 'right', width: 90, render: (_, row) => <span className="num">{sayMoney(row.unit_cost)}</span> },
              { title: t('结存金额'), key: 'value', align: 'right', width: 120, render: (_, row) => <strong className="num">{sayMoney(row.value)}</strong> },
            ]} />
          </div>
        ) : null}
      </div>
    </div>
  )
}

export default BooksPage
