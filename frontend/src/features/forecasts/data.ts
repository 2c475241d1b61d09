/** Forecasts as the API gives them, and the hooks that ask for them. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'

export type Level = 'category' | 'sku' | 'warehouse' | 'region' | 'channel'
export const LEVELS: Level[] = ['category', 'sku', 'warehouse', 'region', 'channel']
export type Where = Partial<Record<Level, string>>

export interface Override {
  id: number
  where: Where
  from: string
  to: string
  value: number
  relative: boolean
  before: number | null
  reason: string
  author: string
  expires: string | null
}

export interface Total {
  days: number
  mean: number
  'q0.5'?: number
  'q0.9'?: number
  'q0.95'?: number
}

export interface Series {
  run: { id: number; day: string; finished_at: string | null }
  where: Where
  label: string
  days: string[]
  actual: number[]
  exceptional: number[]
  stockouts: string[]
  earlier: { days: string[]; mean: number[] }
  forecast: { days: string[]; mean: number[]; promotion: number[]; model: number[]; base: number[]; naive: number[]; low: number[]; middle: number[]; high: number[] }
  promotions: { name: string; from: string; to: string; multiplier: number | null; plan: number | null }[]
  overrides: Override[]
  totals: Total[]
  level: { what: 'new' | 'leaving'; names?: string[]; by_person?: boolean; decay?: number; ends?: string | null } | null
}

export interface Part {
  code: string
  name: string
  last: number
  next: number
}

export interface Changes {
  from: string
  to: string
  before: number
  after: number
  parts: Record<string, number>
  items: { sku: string; before: number; after: number; reason: string; parts: Record<string, number> }[]
  since_day: string
}

export interface Signal {
  name: string
  accepted: boolean
  reason: string
  wape_without: number | null
  wape_with: number | null
  per_unit: number
  days: number
}

export interface RunResult {
  series?: number
  rows?: number
  seconds?: number
  model_share?: number
  totals?: Record<string, number>
  changes?: Changes | null
  choice?: { segment: number; what: string; base: number; mix: number; model: number; rows: number }[]
  table?: Record<string, number | null>[]
  effects?: { label: string; multiplier: number; days: number }[]
  uplifts?: { label: string; multiplier: number; days: number }[]
  life?: { sku: string; what: string; analogs?: string[]; decay?: number }[]
  signals?: Signal[]
  running?: { name: string; done: number; planned: number; actual: number; ratio: number | null } | null
  notes?: Record<string, number>
}

export interface Run {
  id: number
  trigger: string
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  day: string
  horizon: number
  step: string
  step_en: string
  progress: { done: number; total: number }
  cancelling: boolean
  result: RunResult
  error: string | null
  created_by: string
  created_at: string
  finished_at: string | null
}

export const under = (where: Where): Record<string, string> => Object.fromEntries(Object.entries(where).filter(([, value]) => value)) as Record<string, string>

export const useSeries = (where: Where, history: number) =>
  useQuery({ queryKey: ['forecast', 'series', where, history], queryFn: ({ signal }) => api.get<Series>('/forecast-series', { ...under(where), history }, signal), placeholderData: keepPreviousData, retry: false })

export const useParts = (level: Level, where: Where, q: string) =>
  useQuery({ queryKey: ['forecast', 'parts', level, where, q], queryFn: ({ signal }) => api.get<{ items: Part[]; total: number }>('/forecast-parts', { ...under(where), level, q, limit: 100 }, signal), placeholderData: keepPreviousData, retry: false })

export const busy = (run: Run | undefined): boolean => run?.status === 'queued' || run?.status === 'running'

export const useRuns = () =>
  useQuery({ queryKey: ['forecast-runs'], queryFn: () => api.get<{ items: Run[] }>('/forecast-runs'), refetchInterval: (query) => (query.state.data?.items.some(busy) ? 1000 : 30_000) })

export const useRun = (id: number | undefined) => useQuery({ queryKey: ['forecast-run', id], queryFn: () => api.get<Run>(`/forecast-runs/${id}`), enabled: id !== undefined })

/** A write after which every forecast page asks again. */
export const useWrite = <Body, Answer>(write: (body: Body) => Promise<Answer>, done?: (answer: Answer) => void) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ['forecast'] })
      void client.invalidateQueries({ queryKey: ['forecast-runs'] })
      done?.(answer)
    },
  })
}
