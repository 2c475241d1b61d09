/** What the parts of the canvas share: words, marks, and what may be done, where something may be done. */
import { createContext, useContext } from 'react'
import type { Flow } from '../../lib/flow/model'
import type { Names } from '../../lib/flow/words'

export type MarkTone = 'problem' | 'warning' | 'active' | 'done' | 'lit' | 'added' | 'changed' | 'removed'

/** What is known of a step beyond its settings: problems, where a run passed, how long people take. */
export interface Mark {
  tone?: MarkTone
  notes?: { text: string; tone?: 'critical' | 'warning' | 'good' | 'info' | 'unknown' }[]
}

export type Chosen = { kind: 'node'; id: string } | { kind: 'edge'; id: string } | null

export type MenuItem = {
  key: string
  label: string
  danger?: boolean
  disabled?: boolean
}

/** Absent where the workflow is only looked at. */
export interface Editing {
  insert: (edges: string[], at: { x: number; y: number }) => void
  addBranch: (node: string) => void
  moveBranch: (edge: string, by: -1 | 1) => void
  menu: (chosen: NonNullable<Chosen>) => MenuItem[]
  act: (action: string, chosen: NonNullable<Chosen>) => void
  connect: (from: string, to: string) => void
  place: (positions: Record<string, { x: number; y: number }>) => void
}

export interface Desk {
  flow: Flow
  names: Names
  title: (type: string) => string
  select: (chosen: Chosen) => void
  fold: (node: string) => void
  editing?: Editing
}

const DeskContext = createContext<Desk | null>(null)

export const DeskProvider = DeskContext.Provider

export const useDesk = (): Desk => {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('outside of a canvas')
  return desk
}
