/** What `/governance` answers. */
export interface Finding {
  form: string
  keys: Record<string, string>
  label: string
  message: string
  message_en: string
}

export interface Check {
  key: string
  name: string
  name_en: string
  why: string
  why_en: string
  weight: number
  kind: string
  own: boolean
  form: string
  expression: string | null
  where: string | null
  fix: { set?: string; value?: Record<string, unknown>; name?: string; name_en?: string } | null
  rows: number
  affected: number
  score: number | null
  error: string | null
  items: Finding[]
}

export interface Governance {
  at: string | null
  score: number | null
  history: { month: string; score: number | null }[]
  checks: Check[]
}
