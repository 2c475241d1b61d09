/** What the API says of flows between warehouses. */
export interface Lane {
  from: string
  to: string
  lines: number
  units: number
  money: number
}

export interface TransferOrder {
  id: number
  code: string
  from: string
  to: string
  status: string
  units: number
}

export interface Flows {
  warehouses: { code: string; name: string; on_hand: number; in_transit: number }[]
  lanes: Lane[]
  orders: TransferOrder[]
}
