/** How good forecasts were, as the API says it. */
export interface StepScore {
  step: string
  wape: number | null
  bias: number | null
  added: number | null
  rows: number
}

export interface Change {
  id: number
  author: string
  where: Record<string, string>
  from: string
  to: string
  over: boolean
  reason: string
  actual: number
  without: number
  with: number
  gained: number
}

export interface Accuracy {
  length: number
  vintages: string[]
  next: string | null
  levels?: { level: string; rows: number; steps: StepScore[] }[]
  coverage?: { level: number; covered: number | null; rows: number; alarm: boolean }[]
  trend?: { day: string; wape: number | null; bias: number | null; naive: number | null; covered: number | null }[]
  worst?: { sku: string; name: string; actual: number; forecast: number; error: number; wape: number | null; bias: number | null }[]
  categories?: { category: string; wape: number | null; bias: number | null; added: number | null; actual: number }[]
  people?: { authors: { author: string; changes: number; helped: number; hurt: number; gained: number }[]; changes: Change[] }
}

export const LEVEL_NAMES: Record<string, string> = { series: '商品 × 仓', sku: '商品', category: '类目', warehouse: '仓库', total: '全店' }

/** A share as people read it; null when it is not known. */
export const sayShare = (value: number | null | undefined, signed = false): string => {
  if (value === null || value === undefined) return '—'
  const text = (100 * value).toFixed(1).replace(/\.0$/, '')
  return `${signed && value > 0 ? '+' : ''}${text === '-0' ? '0' : text}%`
}
