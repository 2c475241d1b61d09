/** Dashboards as the API keeps them, and what their widgets show. */
import type { RecordItem } from '../../api/types'

export type WidgetType = 'number' | 'line' | 'bar' | 'pie' | 'table' | 'alerts' | 'tasks' | 'todos' | 'text' | 'heatmap' | 'funnel'

export interface Widget {
  id: string
  type: WidgetType
  title?: string
  title_en?: string
  form?: string
  filter?: string
  measure?: string
  aggregate?: 'count' | 'sum' | 'average' | 'min' | 'max'
  group_by?: string[]
  columns?: string[]
  sort?: string
  limit?: number
  days?: number
  text?: string
  unit?: string
  x?: number
  y?: number
  w?: number
  h?: number
}

export interface Dashboard {
  kind: 'dashboard'
  key: string
  name: string
  name_en?: string
  schema_version?: number
  widgets: Widget[]
}

export interface WidgetData {
  value?: number | null
  groups?: { key: string | null; label: string; value: number | null }[]
  items?: RecordItem[]
  columns?: string[]
  total?: number
  problem?: string
  problem_en?: string
}

/** A third, a half or the whole of the width, of 24 columns. */
export const widthOf = (widget: Widget): 'third' | 'half' | 'whole' => {
  const columns = widget.w ?? (widget.type === 'number' ? 6 : 12)
  return columns <= 8 ? 'third' : columns <= 16 ? 'half' : 'whole'
}
