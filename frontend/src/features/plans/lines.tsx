/** The proposals as a grid: what, where, how urgent, how much (to be changed in place), and why. */
import { ArrowRightOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { InputNumber, Tooltip } from 'antd'
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import { type Columns, ListView } from '../../components/list-view'
import { Empty } from '../../components/states'
import { Status, type Tone } from '../../components/status'
import type { List } from '../../components/use-list'
import { pick } from '../../i18n'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { typeset } from '../../lib/typeset'
import type { PlanLine } from './types'

const KIND: Record<PlanLine['kind'], [Tone, string]> = { transfer: ['info', '调拨'], buy: ['warning', '采购'], clear: ['unknown', '清理'] }

const DaysLeft = ({ days }: { days: number | null }) => {
  const { t } = useTranslation()
  if (days === null) return <span className="faint">{t('无销量')}</span>
  const tone = days < 3 ? 'critical' : days < 7 ? 'warning' : 'calm'
  return <span className={`days-left ${tone} num`}><i style={{ width: `${Math.min(100, (100 * days) / 28)}%` }} />{sayNumber(days, 1)}</span>
}

const Quantity = ({ line, plan }: { line: PlanLine; plan: number }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (quantity: number) => api.patch(`/plans/${plan}/lines/${line.id}`, { quantity }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['list', `/plans/${plan}/lines`] }), client.invalidateQueries({ queryKey: ['plan'] })]),
  })
  if (line.state !== 'open' || line.kind === 'clear') return <span className="num strong">{sayNumber(line.quantity)}</span>
  const save = (text: string): void => {
    const quantity = Number(text)
    if (text !== '' && Number.isFinite(quantity) && quantity >= 0 && quantity !== line.quantity) change.mutate(quantity)
  }
  return (
    <Tooltip title={line.quantity === line.proposed ? '' : t('建议 {{n}}，{{who}} 改过', { n: sayNumber(line.proposed), who: line.changed_by ?? '' })}>
      <InputNumber key={line.quantity} className={line.quantity === line.proposed ? '' : 'changed'} aria-label={t('{{sku}} 的数量', { sku: line.sku })} size="small" min={0} defaultValue={line.quantity} controls={false} onBlur={(event) => save(event.target.value)} onPressEnter={(event) => save(event.currentTarget.value)} style={{ width: 76 }} />
    </Tooltip>
  )
}

const Where = ({ line, places }: { line: PlanLine; places: Record<string, string> }) => (
  <span className="nowrap">{line.from_warehouse ? <>{places[line.from_warehouse] ?? line.from_warehouse} <ArrowRightOutlined className="faint" aria-hidden="true" /> </> : null}{places[line.warehouse] ?? line.warehouse}</span>
)

const Done = ({ line }: { line: PlanLine }) => {
  const { t } = useTranslation()
  if (line.state === 'dismissed') return <Status tone="unknown">{t('已放一边')}</Status>
  return <Status tone="good">{line.document ?? t('已采纳')}</Status>
}

const columnsOf = (t: TFunction, plan: number, places: Record<string, string>): Columns<PlanLine> => [
  { title: t('商品'), key: 'sku', width: 156, render: (_, line) => <div className="cell-two"><Link className="cell-title ellipsis block" to={`/stock/${encodeURIComponent(line.sku)}`}>{line.sku_name}</Link><small className="num">{line.sku} · <span title={t('ABC 按金额，XYZ 按稳定程度')}>{line.abc_xyz}</span> · {line.stage}</small></div> },
  { title: t('做什么'), key: 'kind', width: 158, render: (_, line) => <div className="plan-what"><Status tone={KIND[line.kind][0]}>{t(KIND[line.kind][1])}</Status><span className="cell-two"><Where line={line} places={places} /><small>{line.kind === 'transfer' ? t('仓间调拨') : (line.supplier_name ?? line.supplier ?? '—')}</small></span></div> },
  { title: t('够卖（天）'), key: 'days', width: 96, render: (_, line) => <DaysLeft days={line.days_left} /> },
  { title: t('数量'), key: 'quantity', width: 104, align: 'right', render: (_, line) => <div className="cell-two"><Quantity line={line} plan={plan} /><small className="num">{sayMoney(line.quantity * (line.unit_cost ?? 0))}</small></div> },
  { title: t('为什么'), key: 'reason', render: (_, line) => (line.state === 'open' ? <span className="plan-why num" title={typeset(pick(line, 'reason'))}>{typeset(pick(line, 'reason'))}</span> : <Done line={line} />) },
]

const LineCard = ({ line, plan, places }: { line: PlanLine; plan: number; places: Record<string, string> }) => {
  const { t } = useTranslation()
  return (
    <div className="card-row">
      <span className="row between"><Link className="card-title" to={`/stock/${encodeURIComponent(line.sku)}`}>{line.sku_name}</Link><Status tone={KIND[line.kind][0]}>{t(KIND[line.kind][1])}</Status></span>
      <span className="card-meta"><Where line={line} places={places} /> · <span className="num">{line.days_left === null ? t('无销量') : t('够卖 {{n}} 天', { n: sayNumber(line.days_left, 1) })}</span> · {line.abc_xyz}</span>
      <span className="row between"><Quantity line={line} plan={plan} /><span className="num">{sayMoney(line.quantity * (line.unit_cost ?? 0))}</span></span>
      {line.state === 'open' ? <span className="faint num">{typeset(pick(line, 'reason'))}</span> : <Done line={line} />}
    </div>
  )
}

interface Props {
  list: List<PlanLine>
  plan: number
  places: Record<string, string>
  chosen: number[]
  onChoose: (ids: number[]) => void
  filtered: boolean
}

export const PlanLines = ({ list, plan, places, chosen, onChoose, filtered }: Props) => {
  const { t } = useTranslation()
  const columns = useMemo(() => columnsOf(t, plan, places), [t, plan, places])
  return (
    <ListView
      list={list}
      columns={columns}
      rowKey={(line) => line.id}
      width={800}
      selection={{ selectedRowKeys: chosen, onChange: (keys) => onChoose(keys.map(Number)), getCheckboxProps: (line) => ({ disabled: line.state !== 'open' }), columnWidth: 44 }}
      card={(line) => <LineCard line={line} plan={plan} places={places} />}
      empty={filtered ? <Empty title={t('没有符合条件的建议')} text={t('换一个条件试试。')} /> : <Empty good title={t('今天不用补货')} text={t('现有库存和在途都够，明天再算一次。')} />}
    />
  )
}
