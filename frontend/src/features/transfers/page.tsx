/** Transfers drawn: warehouses as nodes, what the plan proposes and what is under way as flows between them. */
import { CarOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import { useMe } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, PageSkeleton } from '../../components/states'
import { StateTag } from '../../components/status'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { FlowMap } from './map'
import type { Flows, Lane, TransferOrder } from './types'
import './transfers.css'

const Proposals = ({ flows, plan, may }: { flows: Flows; plan: number; may: boolean }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const take = useMutation({
    mutationFn: (lane: Lane) => api.post(`/plans/${plan}/take`, { filter: { kind: 'transfer', from_warehouse: lane.from, warehouse: lane.to }, send: false }),
    onSuccess: () => { void message.success(t('已生成调拨单草稿')); void client.invalidateQueries({ queryKey: ['flows'] }); void client.invalidateQueries({ queryKey: ['plan'] }) },
  })
  const name = (code: string): string => flows.warehouses.find((one) => one.code === code)?.name ?? code
  return (
    <section className="card">
      <div className="card-head"><h2>{t('建议调拨')}</h2><Link to="/plans" className="text-button">{t('在计划里逐条看')}</Link></div>
      {flows.lanes.length === 0 ? <p className="card-body faint">{t('现在没有可调的：各仓都没有富余，或都不缺。')}</p> : (
        <ul className="lanes">
          {[...flows.lanes].sort((one, other) => other.money - one.money).map((lane) => (
            <li key={`${lane.from}-${lane.to}`}>
              <span className="grow"><strong>{name(lane.from)} → {name(lane.to)}</strong><br /><span className="faint num">{t('{{n}} 个商品 · {{units}} 件 · {{money}}', { n: lane.lines, units: sayNumber(lane.units), money: sayMoney(lane.money) })}</span></span>
              {may ? <Button size="small" type="primary" loading={take.isPending && take.variables === lane} onClick={() => take.mutate(lane)}>{t('生成调拨单')}</Button> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const Orders = ({ flows, may }: { flows: Flows; may: boolean }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const step = useMutation({
    mutationFn: ({ order, what }: { order: TransferOrder; what: string }) => api.post(`/transfers/${order.id}/${what}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['flows'] }),
  })
  const name = (code: string): string => flows.warehouses.find((one) => one.code === code)?.name ?? code
  if (flows.orders.length === 0) return null
  return (
    <section className="card">
      <div className="card-head"><h2>{t('进行中的调拨单')}</h2><Link to="/records/transfer_order" className="text-button">{t('全部调拨单')}</Link></div>
      <ul className="lanes">
        {flows.orders.map((order) => (
          <li key={order.id}>
            <span className="grow"><span className="row"><Link className="num strong" to={`/records/transfer_order/${order.id}`}>{order.code}</Link> <StateTag state={order.status} /></span><span className="faint num">{name(order.from)} → {name(order.to)} · {sayNumber(order.units)} {t('件')}</span></span>
            {may && order.status === 'draft' ? <><Button size="small" type="text" onClick={() => step.mutate({ order, what: 'cancel' })}>{t('取消')}</Button><Button size="small" type="primary" onClick={() => step.mutate({ order, what: 'send' })}>{t('发出')}</Button></> : null}
            {may && order.status === 'sent' ? <Button size="small" type="primary" onClick={() => step.mutate({ order, what: 'receive' })}>{t('全部收到')}</Button> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

const TransfersPage = () => {
  const { t } = useTranslation()
  const me = useMe()
  const may = me.user.roles.some((role) => ['admin', 'designer', 'operator'].includes(role))
  const current = useQuery({ queryKey: ['plan'], queryFn: () => api.get<{ plan: { id: number; day: string } | null }>('/plans/current') })
  const plan = current.data?.plan?.id ?? 0
  const flows = useQuery({ queryKey: ['flows', plan], queryFn: () => api.get<Flows>(`/plans/${plan}/flows`), enabled: current.isSuccess })
  if (current.isPending || flows.isPending) return <PageSkeleton />
  if (current.isError || flows.isError) return <div className="page"><Failed error={current.error ?? flows.error} retry={() => { void current.refetch(); void flows.refetch() }} /></div>
  const found = flows.data
  return (
    <div className="page">
      <PageHeader title={t('仓间调拨')} text={t('先把别的仓的富余调过来，不够的再买')} />
      {found.warehouses.length < 2 ? <div className="card"><Empty icon={<CarOutlined />} title={t('只有一个仓')} text={t('有两个以上的仓库时，这里会画出可以互相调的货。')} /></div> : (
        <div className="transfer-columns">
          <section className="card flow-card"><FlowMap flows={found} /></section>
          <div className="stack"><Proposals flows={found} plan={plan} may={may} /><Orders flows={found} may={may} /></div>
        </div>
      )}
    </div>
  )
}

export default TransfersPage
