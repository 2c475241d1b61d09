/** What the pages of records know of views, rights and groups. */
import type { Json, Values } from '../../api/types'

export interface ColumnSetting {
  key: string
  width?: number
  hidden?: boolean
}

/** How somebody looks at a list: what a saved view keeps. */
export interface ViewSettings {
  q?: string
  filter?: string
  sort?: string
  group_by?: string
  columns?: ColumnSetting[]
  frozen?: number
}

export interface SavedView {
  id: number
  name: string
  shared: boolean
  owner: string
  settings: ViewSettings
}

export type Right = 'view' | 'add' | 'edit' | 'delete' | 'import' | 'export' | 'print'

export interface AccessAnswer {
  can: Right[]
  fields: Record<string, 'read' | 'write' | 'hide'>
}

export interface Group {
  values: Values
  labels: Record<string, string>
  count: number
  totals: Record<string, number | null>
}

export interface Groups {
  items: Group[]
  count: number
  totals: Record<string, number | null>
  more: boolean
}

export interface Batch {
  batch?: string
  updated?: number
  deleted?: number
  errors: { id: number; column?: string | null; message: string; message_en?: string; value?: Json }[]
}
