/** Numbers as people read them: thousands separators, as many decimals as carry meaning, 万 only in prose. */

const formats = new Map<number, Intl.NumberFormat>()

const format = (decimals: number): Intl.NumberFormat => {
  const known = formats.get(decimals)
  if (known) return known
  const made = new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals })
  formats.set(decimals, made)
  return made
}

export const sayNumber = (value: number | null | undefined, decimals?: number): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return '—'
  const size = Math.abs(value)
  return format(decimals ?? (size >= 100 ? 1 : 2)).format(value)
}

export const sayMoney = (value: number | string | null | undefined): string => {
  const number = typeof value === 'string' ? Number(value) : value
  if (number === null || number === undefined || !Number.isFinite(number)) return '—'
  return `¥${new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(number)}`
}

export const saySeconds = (seconds: number): string => (seconds < 0.01 ? '< 0.01' : seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1))
