/** Take goods in: all that is missing stands there; change what came short or over. */
import { useMutation } from '@tanstack/react-query'
import { App, InputNumber, Modal, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { RecordItem } from '../../api/types'
import { sayNumber } from '../../lib/numbers'
import { left, type OrderLine } from './types'

interface Received {
  over?: { sku: string; units: number }[]
  short?: { sku: string; units: number }[]
}

export const ReceiveDialog = ({ order, shipments, onClose }: { order: RecordItem; shipments: RecordItem[]; onClose: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const lines = (order.values.lines ?? []) as unknown as OrderLine[]
  const key = useMemo(() => crypto.randomUUID?.() ?? String(Date.now()), [])
  const [shipment, setShipment] = useState<string | undefined>(shipments.length > 0 ? String(shipments[0]?.values.code) : undefined)
  const [units, setUnits] = useState<number[]>(lines.map(left))
  const receive = useMutation({
    mutationFn: () => api.post<Received>(`/orders/${order.id}/receive`, { key, shipment, lines: units.map((quantity, line) => ({ line, quantity })).filter((one) => one.quantity > 0) }),
    onSuccess: (done) => {
      const over = (done.over ?? []).reduce((sum, one) => sum + one.units, 0)
      const short = (done.short ?? []).reduce((sum, one) => sum + one.units, 0)
      void message.success(over ? t('已入库，多收 {{n}} 件', { n: over }) : short ? t('已入库，还差 {{n}} 件', { n: short }) : t('已收齐入库'))
      onClose()
    },
  })
  return (
    <Modal open title={t('收货')} okText={t('确认入库')} cancelText={t('取消')} confirmLoading={receive.isPending} okButtonProps={{ disabled: units.every((one) => !one) }} onOk={() => receive.mutate()} onCancel={onClose} destroyOnHidden width={560}>
      <div className="stack">
        {shipments.length > 0 ? <label className="row">{t('对应发货')} <Select allowClear value={shipment} onChange={setShipment} options={shipments.map((item) => ({ value: String(item.values.code), label: `${String(item.values.code)} ${String(item.values.carrier ?? '')}` }))} style={{ minWidth: 240 }} /></label> : null}
        <ul className="receive-lines">
          {lines.map((line, place) => {
            const given = units[place] ?? 0
            const difference = given - left(line)
            return (
              <li key={place}>
                <span className="grow"><strong>{line.sku}</strong><br /><small className="faint num">{t('应到 {{n}} 件', { n: sayNumber(left(line)) })}{difference === 0 || given === 0 ? '' : difference > 0 ? ` · ${t('多 {{n}}', { n: sayNumber(difference) })}` : ` · ${t('少 {{n}}', { n: sayNumber(-difference) })}`}</small></span>
                <InputNumber aria-label={t('{{sku}} 实收', { sku: line.sku })} inputMode="decimal" size="large" min={0} value={given} onChange={(value) => setUnits(units.map((one, at) => (at === place ? (value ?? 0) : one)))} style={{ width: 120 }} />
              </li>
            )
          })}
        </ul>
      </div>
    </Modal>
  )
}
