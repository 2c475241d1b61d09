/** The workflow being drawn, what is chosen in it, and what the canvas shows beside it. */
import { create } from 'zustand'
import { documentStore } from '../../components/draft/document-store'
import type { View } from '../../components/flow/canvas'
import type { Chosen, Mark } from '../../components/flow/desk'
import type { Flow } from '../../lib/flow/model'
import type { Fragment } from './lib/edit'

const store = documentStore<Flow>()

export const useFlowStore = store.useDocument
export const useHistory = store.useHistory

export type Side = 'settings' | 'problems' | 'who' | 'trial' | 'live'

/** What one of the side panels lays over the canvas. */
export interface Overlay {
  marks: ReadonlyMap<string, Mark>
  lit: ReadonlySet<string>
}

export const NO_OVERLAY: Overlay = { marks: new Map(), lit: new Set() }

interface Table {
  chosen: Chosen
  view: View
  folded: ReadonlySet<string>
  side: Side
  overlay: Overlay
  clipboard: Fragment | null
  focus: { id: string; turn: number } | null
  select: (chosen: Chosen) => void
  look: (view: View) => void
  fold: (node: string) => void
  foldAll: (nodes: ReadonlySet<string>) => void
  open: (side: Side) => void
  lay: (overlay: Overlay) => void
  keep: (fragment: Fragment) => void
  jump: (id: string) => void
}

const FRESH = { chosen: null, view: 'tree' as View, folded: new Set<string>(), side: 'settings' as Side, overlay: NO_OVERLAY, focus: null }

export const useTable = create<Table>()((set) => ({
  ...FRESH,
  clipboard: null,
  select: (chosen) => set((state) => ({ chosen, side: chosen ? 'settings' : state.side })),
  look: (view) => set({ view }),
  fold: (node) => set(({ folded }) => ({ folded: new Set(folded.has(node) ? [...folded].filter((id) => id !== node) : [...folded, node]) })),
  foldAll: (folded) => set({ folded }),
  open: (side) => set({ side, overlay: NO_OVERLAY }),
  lay: (overlay) => set({ overlay }),
  keep: (clipboard) => set({ clipboard }),
  jump: (id) => set((state) => ({ focus: { id, turn: (state.focus?.turn ?? 0) + 1 } })),
}))

export const startFlow = (flow: Flow | null): void => {
  store.start(flow)
  useTable.setState(FRESH)
}

/** The workflow inside the designer, where one is always loaded. */
export const useFlow = (): Flow => {
  const definition = useFlowStore((state) => state.definition)
  if (!definition) throw new Error('no workflow is loaded')
  return definition
}

/** One step of editing: from the workflow as it is to the workflow as it should be. */
export const edit = (change: (flow: Flow) => Flow, what?: string): void => {
  const { definition, replace } = useFlowStore.getState()
  if (!definition) return
  const next = change(definition)
  if (next !== definition) replace(next, what)
}
