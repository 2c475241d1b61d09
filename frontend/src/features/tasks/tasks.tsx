/** Replenishment: what to order, how much, why, and how far it is. */
import { ShoppingCartOutlined } from '@ant-design/icons'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { RecordItem } from '../../api/types'
import type { Columns } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { Empty } from '../../components/states'
import { StateTag } from '../../components/status'
import { typeset } from '../../lib/typeset'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { type Opens, StatusList } from './status-list'
import { text } from './words'
import './tasks.css'

const number = (record: RecordItem, key: string): number | null => {
  const value = record.values[key]
  return typeof value === 'number' ? value : value === null || value === undefined ? null : Number(value)
}

const taskColumns = (t: TFunction, open: Opens['open']): Columns<RecordItem> => [
  {
    title: t('商品'),
    key: 'sku',
    width: 230,
    render: (_, record) => <div className="cell-two"><button type="button" className="cell-title ellipsis block left" onClick={() => open(record)}>{text(record, 'sku')}</button><small className="num">{text(record, 'code')} · {text(record, 'warehouse')}</small></div>,
  },
  { title: t('补货量（件）'), key: 'quantity', align: 'right', width: 96, render: (_, record) => <span className="strong num">{sayNumber(number(record, 'quantity'))}</span> },
  { title: t('金额'), key: 'amount', align: 'right', width: 112, render: (_, record) => <span className="num">{sayMoney(number(record, 'amount'))}</span> },
  { title: t('供应商'), key: 'supplier', width: 150, render: (_, record) => <span className="ellipsis block">{text(record, 'supplier')}</span> },
  { title: t('需要在'), key: 'needed_by', width: 112, render: (_, record) => <Moment at={record.values.needed_by as string | null} day /> },
  { title: t('为什么'), key: 'reason', width: 180, render: (_, record) => <span className="cell-why num" title={typeset(text(record, 'reason'))}>{typeset(text(record, 'reason'))}</span> },
  { title: t('状态'), key: 'status', width: 100, render: (_, record) => <StateTag state={record.values.status as string} /> },
]

const TaskCard = ({ record, open }: { record: RecordItem } & Opens) => {
  const { t } = useTranslation()
  return (
    <button type="button" className="card-row" onClick={() => open(record)}>
      <span className="row between"><span className="card-title">{text(record, 'sku')}</span><StateTag state={record.values.status as string} /></span>
      <span className="num"><strong>{sayNumber(number(record, 'quantity'))}</strong> {t('件')} · {sayMoney(number(record, 'amount'))}</span>
      <span className="card-meta">{text(record, 'code')} · {text(record, 'warehouse')} · {text(record, 'supplier')}</span>
    </button>
  )
}

const WORDS: Record<string, string> = { '': '全部', proposed: '待提交', approving: '审批中', approved: '已批准', ordered: '已下单', done: '已完成', rejected: '已驳回' }

const TasksPage = () => {
  const { t } = useTranslation()
  return (
    <StatusList
      title={t('补货任务')}
      text={t('该进多少货、为什么、走到哪一步')}
      path="/tasks"
      form="replenishment_task"
      words={WORDS}
      searchLabel={t('搜索任务')}
      searchHint={t('搜索任务号或商品')}
      columns={taskColumns}
      width={980}
      card={(record, open) => <TaskCard record={record} open={open} />}
      empty={(filtered) => (filtered ? <Empty title={t('没有符合条件的任务')} text={t('换一个条件试试。')} /> : <Empty icon={<ShoppingCartOutlined />} title={t('还没有补货任务')} text={t('规则报警时会自动算出补货量，生成任务。')} action={<Link to="/rules">{t('去看规则')}</Link>} />)}
    />
  )
}

export default TasksPage
