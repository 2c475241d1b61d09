/** Purchase orders: to whom, what, for how much, when it arrives. */
import { ContainerOutlined } from '@ant-design/icons'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Json, RecordItem } from '../../api/types'
import type { Columns } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { Empty } from '../../components/states'
import { StateTag } from '../../components/status'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { type Opens, StatusList } from './status-list'
import { text } from './words'
import './tasks.css'

interface OrderLine {
  sku?: string
  quantity?: number
}

const lines = (record: RecordItem): OrderLine[] => (Array.isArray(record.values.lines) ? (record.values.lines as Json[] as unknown as OrderLine[]) : [])
const pieces = (record: RecordItem): number => lines(record).reduce((sum, line) => sum + Number(line.quantity ?? 0), 0)
const goods = (record: RecordItem): string => lines(record).map((line) => line.sku).filter(Boolean).join('、') || '—'

const orderColumns = (t: TFunction, open: Opens['open']): Columns<RecordItem> => [
  { title: t('采购单'), key: 'code', width: 150, render: (_, record) => <button type="button" className="cell-title num" onClick={() => open(record)}>{text(record, 'code')}</button> },
  { title: t('供应商'), key: 'supplier', width: 160, render: (_, record) => text(record, 'supplier') },
  { title: t('商品'), key: 'goods', width: 170, render: (_, record) => <span className="ellipsis block" title={goods(record)}>{goods(record)}</span> },
  { title: t('数量（件）'), key: 'pieces', align: 'right', width: 90, render: (_, record) => <span className="num">{sayNumber(pieces(record))}</span> },
  { title: t('金额'), key: 'total', align: 'right', width: 116, render: (_, record) => <span className="num strong">{sayMoney(record.values.total as number | null)}</span> },
  { title: t('送到'), key: 'warehouse', width: 100, render: (_, record) => text(record, 'warehouse') },
  { title: t('预计到货'), key: 'expected_on', width: 112, render: (_, record) => <Moment at={record.values.expected_on as string | null} day /> },
  { title: t('状态'), key: 'status', width: 100, render: (_, record) => <StateTag state={record.values.status as string} /> },
]

const OrderCard = ({ record, open }: { record: RecordItem } & Opens) => (
  <button type="button" className="card-row" onClick={() => open(record)}>
    <span className="row between"><span className="card-title num">{text(record, 'code')}</span><StateTag state={record.values.status as string} /></span>
    <span className="num"><strong>{sayMoney(record.values.total as number | null)}</strong> · {goods(record)}</span>
    <span className="card-meta">{text(record, 'supplier')} · {text(record, 'warehouse')}</span>
  </button>
)

const orderPage = (record: RecordItem): string => `/orders/${record.id}`

const WORDS: Record<string, string> = { '': '全部', draft: '草稿', sent: '已发出', confirmed: '已确认', receiving: '收货中', received: '已收货', cancelled: '已取消' }

const OrdersPage = () => {
  const { t } = useTranslation()
  return (
    <StatusList
      title={t('采购单')}
      text={t('批准的补货任务会变成采购单')}
      path="/orders"
      form="purchase_order"
      page={orderPage}
      actions={<Link to="/suppliers">{t('供应商评分')}</Link>}
      words={WORDS}
      searchLabel={t('搜索采购单')}
      searchHint={t('搜索单号')}
      columns={orderColumns}
      width={998}
      card={(record, open) => <OrderCard record={record} open={open} />}
      empty={(filtered) => (filtered ? <Empty title={t('没有符合条件的采购单')} text={t('换一个条件试试。')} /> : <Empty icon={<ContainerOutlined />} title={t('还没有采购单')} text={t('补货任务审批通过后，会自动生成采购单。')} />)}
    />
  )
}

export default OrdersPage
