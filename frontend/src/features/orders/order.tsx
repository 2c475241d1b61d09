/** A purchase order: where it stands, what came, what is missing; send it, ask the supplier, take goods in. */
import { CheckOutlined, InboxOutlined, LinkOutlined, SendOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { api } from '../../api/client'
import type { Json, Page, RecordItem } from '../../api/types'
import { useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Failed, PageSkeleton } from '../../components/states'
import { StateTag, Status } from '../../components/status'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { ReceiveDialog } from './receive'
import { LinkDialog } from './supplier-link'
import { left, type OrderLine, wanted } from './types'
import './orders.css'

const STATES = ['draft', 'sent', 'confirmed', 'receiving', 'received']

const Progress = ({ values }: { values: Record<string, Json> }) => {
  const { t } = useTranslation()
  const status = String(values.status)
  const words: [string, Json | undefined][] = [[t('草稿'), null], [t('已下单'), values.sent_on], [t('供应商确认'), values.confirmed_on], [t('收货'), null], [t('收齐'), values.received_on]]
  const place = status === 'cancelled' ? 0 : Math.max(STATES.indexOf(status), 0)
  return <Steps className="order-steps" size="small" current={place} status={status === 'cancelled' ? 'error' : status === 'received' ? 'finish' : 'process'} items={words.map(([title, day]) => ({ title, content: day ? String(day) : undefined }))} />
}

const Lines = ({ lines, names }: { lines: OrderLine[]; names: Record<string, string> }) => {
  const { t } = useTranslation()
  return (
    <div className="scroll-x">
      <table className="order-lines num">
        <thead><tr><th>{t('商品')}</th><th>{t('订购')}</th><th>{t('确认')}</th><th>{t('承诺到货')}</th><th>{t('已收')}</th><th>{t('未到')}</th><th>{t('单价')}</th><th>{t('金额')}</th></tr></thead>
        <tbody>
          {lines.map((line, place) => (
            <tr key={place}>
              <th scope="row"><Link to={`/stock/${encodeURIComponent(line.sku)}`}>{names[line.sku] ?? line.sku}</Link> <small className="faint">{line.sku}</small></th>
              <td>{sayNumber(line.quantity)}</td>
              <td className={line.confirmed !== null && line.confirmed !== line.quantity ? 'changed-cell' : ''}>{line.confirmed === null || line.confirmed === undefined ? '—' : sayNumber(line.confirmed)}</td>
              <td>{line.promised_on ?? '—'}</td>
              <td><span className="received-bar"><i style={{ width: `${Math.min(100, (100 * (line.received ?? 0)) / Math.max(wanted(line), 1))}%` }} /></span>{sayNumber(line.received ?? 0)}</td>
              <td>{left(line) ? <strong>{sayNumber(left(line))}</strong> : <span className="faint">0</span>}</td>
              <td>{sayMoney(line.price)}</td>
              <td>{sayMoney(wanted(line) * (line.price ?? 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Shipments = ({ items }: { items: RecordItem[] }) => {
  const { t } = useTranslation()
  if (items.length === 0) return <p className="card-body faint">{t('还没有到货记录。')}</p>
  return (
    <ul className="cards">
      {items.map((item) => {
        const goods = (item.values.lines ?? []) as unknown as { sku: string; quantity: number }[]
        return (
          <li key={item.id}><div className="card-row">
            <span className="row between"><Link className="card-title num" to={`/records/shipment/${item.id}`}>{String(item.values.code)}</Link>{item.values.status === 'arrived' ? <Status tone="good">{t('已到货')}</Status> : <Status tone="info">{t('在途')}</Status>}</span>
            <span className="num">{goods.map((line) => `${line.sku} × ${sayNumber(line.quantity)}`).join('，')}</span>
            <span className="card-meta">{[item.values.carrier, item.values.tracking, item.values.arrived_on ? t('{{day}} 到', { day: item.values.arrived_on }) : item.values.expected_on ? t('预计 {{day}}', { day: item.values.expected_on }) : null].filter(Boolean).map(String).join(' · ')}</span>
          </div></li>
        )
      })}
    </ul>
  )
}

const Actions = ({ order, shipments }: { order: RecordItem; shipments: RecordItem[] }) => {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const client = useQueryClient()
  const [open, setOpen] = useState<'receive' | 'link' | ''>('')
  const refresh = (): void => { void client.invalidateQueries({ queryKey: ['order', order.id] }); void client.invalidateQueries({ queryKey: ['order-shipments'] }); void client.invalidateQueries({ queryKey: ['list'] }) }
  const step = useMutation({ mutationFn: (what: string) => api.post(`/orders/${order.id}/${what}`), onSuccess: refresh })
  const status = String(order.values.status)
  const running = ['sent', 'confirmed', 'receiving'].includes(status)
  const close = (): void => void modal.confirm({ title: t('不再等这张单剩下的货？'), content: t('没到的数量会从“采购在订”里退回。'), okText: t('结束采购单'), cancelText: t('再等等'), onOk: () => step.mutateAsync('close') })
  return (
    <>
      {status === 'draft' ? <Button type="primary" icon={<SendOutlined />} loading={step.isPending} onClick={() => step.mutate('send')}>{t('下单')}</Button> : null}
      {running ? <><Button icon={<LinkOutlined />} onClick={() => setOpen('link')}>{t('发给供应商')}</Button><Button onClick={close}>{t('结束')}</Button><Button type="primary" icon={<InboxOutlined />} onClick={() => setOpen('receive')}>{t('收货')}</Button></> : null}
      {open === 'receive' ? <ReceiveDialog order={order} shipments={shipments.filter((item) => item.values.status === 'expected')} onClose={() => { setOpen(''); refresh() }} /> : null}
      {open === 'link' ? <LinkDialog order={Number(order.id)} onClose={() => setOpen('')} /> : null}
    </>
  )
}

const OrderPage = () => {
  const { t } = useTranslation()
  const me = useMe()
  const { id = '' } = useParams()
  const order = useQuery({ queryKey: ['order', Number(id)], queryFn: () => api.get<RecordItem>(`/forms/purchase_order/records/${id}`) })
  const code = String(order.data?.values.code ?? '')
  const shipments = useQuery({ queryKey: ['order-shipments', code], queryFn: () => api.get<Page<RecordItem>>('/forms/shipment/records', { filter: `purchase_order == '${code}'`, limit: 100 }), enabled: code !== '' })
  const lines = (order.data?.values.lines ?? []) as unknown as OrderLine[]
  const skus = [...new Set(lines.map((line) => line.sku))]
  const names = useQuery({ queryKey: ['sku-names', skus], queryFn: () => api.get<Page<RecordItem>>('/forms/sku/records', { filter: `code in (${skus.map((sku) => `'${sku}'`).join(', ')},)`, limit: 500 }), enabled: skus.length > 0, retry: false })
  if (order.isPending) return <PageSkeleton />
  if (order.isError) return <div className="page"><Failed error={order.error} retry={() => void order.refetch()} /></div>
  const values = order.data.values
  const may = me.user.roles.some((role) => ['admin', 'designer', 'operator'].includes(role))
  const late = ['sent', 'confirmed', 'receiving'].includes(String(values.status)) && typeof values.expected_on === 'string' && values.expected_on < new Date().toISOString().slice(0, 10)
  return (
    <div className="page">
      <PageHeader title={code} documentTitle={code} tag={<><StateTag state={String(values.status)} />{late ? <Status tone="critical">{t('已超期')}</Status> : null}</>} back={{ to: '/orders', label: t('采购单') }} text={<span>{order.data.labels?.supplier ?? String(values.supplier ?? '')} → {order.data.labels?.warehouse ?? String(values.warehouse ?? '')} · <span className="num strong">{sayMoney(values.total as number | null)}</span>{values.expected_on ? <> · {t('预计到货')} <Moment at={String(values.expected_on)} day /></> : null}</span>} actions={may ? <Actions order={order.data} shipments={shipments.data?.items ?? []} /> : null} />
      <div className="stack">
        <section className="card pad"><Progress values={values} /></section>
        {values.supplier_note ? <section className="card pad supplier-note"><span className="faint">{t('供应商留言')}</span><p>{String(values.supplier_note)}</p></section> : null}
        <section className="card"><Lines lines={lines} names={Object.fromEntries((names.data?.items ?? []).map((item) => [String(item.values.code), String(item.values.name)]))} /></section>
        <section className="card"><div className="card-head"><h2>{t('发货与到货')}</h2><span className="faint num">{lines.every((line) => left(line) === 0) ? <Status tone="good" icon={<CheckOutlined />}>{t('已收齐')}</Status> : t('还差 {{n}} 件', { n: sayNumber(lines.reduce((sum, line) => sum + left(line), 0)) })}</span></div><Shipments items={shipments.data?.items ?? []} /></section>
      </div>
    </div>
  )
}

export default OrderPage
