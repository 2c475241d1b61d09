/** What the API says of a plan, its lines and the policies tried on the past. */
export type Kind = 'buy' | 'transfer' | 'clear'

export interface PlanTotal {
  lines: number
  units: number
  money: number
  open: number
  open_money: number
  days_left: number | null
  kind?: Kind
  state?: string
  supplier?: string | null
  name?: string | null
}

export interface PlanRun {
  id: number
  day: string
  at: string
  actor: string
  settings: { policy: string; budget: number | null; move: boolean; document: { type: string; service_level?: number; review?: number } }
  summary: { needed: number; budget: number | null; places: number; seconds: number; source: 'forecast' | 'sales'; netted: number; buying_note?: string; buying_note_en?: string; buying_gap?: number; transfer_note?: string; transfer_note_en?: string }
}

export interface TrialPoint {
  knob: number
  fill: number
  stock_days: number
  empty: number
  orders: number
}

export interface Trial {
  skus: number
  weeks: number
  lead_days: number
  nominal: number
  coverage: number
  day: string
  policies: { type: string; name: string; name_en: string; points: TrialPoint[] }[]
}

export interface CurrentPlan {
  plan: PlanRun | null
  kinds?: PlanTotal[]
  suppliers?: PlanTotal[]
  states?: PlanTotal[]
  warehouses?: Record<string, string>
  trial: Trial | null
}

export interface PlanLine {
  id: number
  kind: Kind
  sku: string
  sku_name: string
  warehouse: string
  from_warehouse: string | null
  supplier: string | null
  supplier_name: string | null
  category: string
  stage: string
  abc_xyz: string
  proposed: number
  quantity: number
  unit_cost: number | null
  days_left: number | null
  reason: string
  reason_en: string
  state: 'open' | 'accepted' | 'dismissed'
  document: string | null
  changed_by: string | null
}

export interface Taken {
  lines: number
  orders: { id: number; code: string; supplier: string; warehouse: string; total: number | null }[]
  transfers: { id: number; code: string; from: string; to: string; units: number }[]
}

export interface Filter {
  kind: Kind | ''
  supplier: string
  warehouse: string
  abc_xyz: string
  state: string
}
