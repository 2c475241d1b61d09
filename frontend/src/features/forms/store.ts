/** The form being drawn, what is selected in it, and where a dragged thing would land. */
import { create } from 'zustand'
import type { FormDefinition } from '../../api/types'
import { documentStore } from '../../components/draft/document-store'
import type { Place, Spot } from '../../lib/form/layout'

const store = documentStore<FormDefinition>()

export const useFormStore = store.useDocument
export const useHistory = store.useHistory

export type Selected = { kind: 'form' } | { kind: 'field'; key: string } | { kind: 'column'; key: string; column: string } | { kind: 'block'; place: Place }

export type Drop = { kind: 'spot'; spot: Spot } | { kind: 'column'; key: string; index: number }

export type View = 'design' | 'logic' | 'rights' | 'preview' | 'json'

interface Desk {
  selected: Selected
  drop: Drop | null
  view: View
  said: string
  select: (selected: Selected) => void
  aim: (drop: Drop | null) => void
  show: (view: View) => void
  /** Say something to people who use a screen reader. */
  say: (text: string) => void
}

const FORM: Selected = { kind: 'form' }

export const useDesk = create<Desk>()((set) => ({
  selected: FORM,
  drop: null,
  view: 'design',
  said: '',
  select: (selected) => set({ selected }),
  aim: (drop) => set({ drop }),
  show: (view) => set({ view }),
  say: (said) => set({ said }),
}))

export const startForm = (definition: FormDefinition | null): void => {
  store.start(definition)
  useDesk.setState({ selected: FORM, drop: null, view: 'design', said: '' })
}

/** The form inside the designer, where one is always loaded. */
export const useForm = (): FormDefinition => {
  const definition = useFormStore((state) => state.definition)
  if (!definition) throw new Error('no form is loaded')
  return definition
}

/** One step of editing: from the form as it is to the form as it should be. */
export const edit = (change: (form: FormDefinition) => FormDefinition, what?: string): void => {
  const { definition, replace } = useFormStore.getState()
  if (!definition) return
  const next = change(definition)
  if (next !== definition) replace(next, what)
}

export const sameSelection = (one: Selected, other: Selected): boolean => JSON.stringify(one) === JSON.stringify(other)
