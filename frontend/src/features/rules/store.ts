/** The rule being edited, with undo and redo; edits within half a second are one step. */
import { temporal, type TemporalState } from 'zundo'
import { create, useStore } from 'zustand'
import type { RuleDefinition } from '../../api/types'

interface BuilderState {
  definition: RuleDefinition | null
  load: (definition: RuleDefinition | null) => void
  change: (patch: Partial<RuleDefinition>) => void
}

const STEP_MS = 500
let lastStep = 0

/** A key whose value is undefined is taken out of the document. */
const merged = (definition: RuleDefinition, patch: Partial<RuleDefinition>): RuleDefinition =>
  Object.fromEntries(Object.entries({ ...definition, ...patch }).filter(([, value]) => value !== undefined)) as unknown as RuleDefinition

export const useBuilder = create<BuilderState>()(
  temporal(
    (set, get) => ({
      definition: null,
      load: (definition) => set({ definition }),
      change: (patch) => {
        const { definition } = get()
        if (definition) set({ definition: merged(definition, patch) })
      },
    }),
    {
      limit: 200,
      partialize: ({ definition }) => ({ definition }),
      equality: (past, current) => past.definition === current.definition,
      handleSet: (handleSet) => (past) => {
        const now = Date.now()
        if (now - lastStep > STEP_MS) handleSet(past)
        lastStep = now
      },
    },
  ),
)

type Past = Pick<BuilderState, 'definition'>

export const useHistory = <T>(choose: (state: TemporalState<Past>) => T): T => useStore(useBuilder.temporal, choose)

export const loadRule = (definition: RuleDefinition | null): void => {
  useBuilder.getState().load(definition)
  useBuilder.temporal.getState().clear()
  lastStep = 0
}

/** The definition inside the builder, where one is always loaded. */
export const useRule = (): RuleDefinition => {
  const definition = useBuilder((state) => state.definition)
  if (!definition) throw new Error('no rule is loaded')
  return definition
}
