/** Promotions as the API gives them. */
export interface Phase {
  name: string
  from: string
  to: string
  multiplier: number | null
}

export interface PromotionEvent {
  name: string
  title: string
  from: string
  to: string
  state: 'over' | 'on' | 'coming'
  source: string
  plan: number | null
  phases: Phase[]
}

export interface PromotionCalendar {
  today: string
  events: PromotionEvent[]
  learned: { label: string; multiplier: number; days: number }[]
  discount: number
}

export interface Scenario {
  name: string
  discount: number
  traffic: number
  price: number
  featured: boolean
}

export interface SimulatedItem {
  sku: string
  name: string
  demand: number
  high: number
  stock: number
  buy: number
  cost: number
  risk: number
  risk_after: number
  ratio: number
}

export interface Simulated {
  name: string
  mean: number[]
  low: number[]
  high: number[]
  stock: number[]
  stock_after: number[]
  demand: number
  buy: number
  buy_items: number
  cash: number
  revenue: number
  profit: number
  profit_without: number
  lost: number
  risk: number
  risk_after: number
  short_items: number
  items: SimulatedItem[]
}

export interface Simulation {
  from: string
  to: string
  days: string[]
  items: number
  beyond: number
  run: { id: number; day: string }
  usual: number[]
  scenarios: Simulated[]
}

export interface Terms {
  where: { category?: string[]; sku?: string[] }
  phases: { name: string; from: string; to: string; multiplier: number }[]
  discount: number
  salvage: number
  goodwill: number
}

export interface Plan {
  id: number
  name: string
  from: string
  to: string
  author: string
  created_at: string
  plan: Terms & { scenarios: Partial<Scenario>[]; chosen: number }
  result: { demand: number; buy: number; buy_items: number; cash: number; revenue: number; profit: number; risk: number; risk_after: number; lost: number }
}

export interface ReviewItem {
  sku: string
  name: string
  demand: number
  actual: number
  buy: number
  left: number
  out_days: number
  missed: number
  missed_money: number
  over: number
  over_money: number
}

export interface Lesson {
  parameter: string
  phase: string | null
  from: number
  to: number
  reason: string
  reason_en: string
}

export interface Review {
  plan: Plan
  over: boolean
  until: string
  days: string[]
  actual: number[]
  planned: number[]
  phases: { name: string; from: string; to: string; multiplier: number; days: number; planned: number; actual: number; seen: number }[]
  figures: { planned: number; actual: number; ratio: number | null; wape: number | null; short_items: number; missed: number; missed_money: number; over_items: number; over: number; over_money: number; left: number }
  items: { short: ReviewItem[]; over: ReviewItem[] }
  lessons: Lesson[]
}

/** The same day a year on; 29 February becomes 1 March. */
export const nextYear = (day: string, years = 1): string => {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10)
}

/** What was learned about an event's phase (`双11|高潮`), or nothing. */
export const learnedOf = (calendar: PromotionCalendar, event: string, phase: string): number | undefined => calendar.learned.find((one) => one.label === `${event}|${phase}`)?.multiplier

export const percent = (value: number, decimals = 0): string => `${(100 * value).toFixed(decimals)}%`
