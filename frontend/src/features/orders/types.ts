/** A purchase order with its goods, as its page reads it. */
export interface OrderLine {
  sku: string
  quantity: number
  price: number | null
  confirmed: number | null
  promised_on: string | null
  received: number | null
}

export const wanted = (line: OrderLine): number => line.confirmed ?? line.quantity
export const left = (line: OrderLine): number => Math.max(wanted(line) - (line.received ?? 0), 0)
