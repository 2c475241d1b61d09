/** What the API says of the ledger: entries, positions, channels, books. */
export interface Entry {
  id: number
  kind: string
  sku: string
  sku_name: string
  warehouse: string
  quantity: number
  d_on_hand: number
  d_reserved: number
  d_in_transit: number
  d_on_order: number
  on_hand: number
  reserved: number
  in_transit: number
  on_order: number
  unit_cost: number | null
  channel: string
  document: string
  note: string
  actor: string
  at: string
}

export interface Balance {
  sku: string
  warehouse: string
  on_hand: number | null
  reserved: number | null
  in_transit: number | null
  on_order: number | null
}

export interface ChannelShare {
  channel: string
  sellable: number
  reserved: number
  reason: string
  reason_en: string
}

export interface ChannelPlace {
  warehouse: string
  name: string
  on_hand: number
  reserved: number
  in_transit: number
  on_order: number
  available: number
  channels: ChannelShare[]
}

export interface Held {
  id: number
  key: string
  warehouse: string
  channel: string
  order_ref: string
  left: number
  expires_at: string | null
  created_at: string
}

export interface Channels {
  sku: string
  places: ChannelPlace[]
  reservations: Held[]
}

export interface Books {
  since: string
  until: string
  method: string
  entries: number
  opening: number
  closing: number
  balanced: boolean
  kinds: { kind: string; units: number; amount: number }[]
  skus: { sku: string; name: string; opening_units: number; opening: number; units: number; unit_cost: number; value: number }[]
}

/** The words of the ledger: what each kind of entry is called. */
export const KIND_WORDS: Record<string, string> = {
  receipt: '入库', receive: '采购收货', arrive: '到货入库', order: '下单', cancel: '取消在订', ship: '供应商发货', sale: '销售出库', reserve: '占用', release: '释放占用',
  transfer_out: '调拨出库', transfer_sent: '调拨在途', transfer_in: '调拨入库', lost: '途损', return: '退货入库', damage: '报损', count: '盘点', count_gain: '盘盈', count_loss: '盘亏', edit: '修改或导入', edit_out: '修改减少',
}
