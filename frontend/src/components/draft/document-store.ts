/** A definition being edited, with undo and redo of 200 steps; quick edits of the same thing are one step. */
import { temporal, type TemporalState } from 'zundo'
import { create, useStore } from 'zustand'

interface State<D> {
  definition: D | null
  load: (definition: D | null) => void
  /** Put another version in its place; `what` names what is edited, so that typing a word is one step. */
  replace: (definition: D, what?: string) => void
}

type Past<D> = Pick<State<D>, 'definition'>

const STEP_MS = 500

export const documentStore = <D,>() => {
  let lastStep = 0
  let lastWhat: string | undefined
  let what: string | undefined
  const useDocument = create<State<D>>()(
    temporal(
      (set) => ({
        definition: null,
        load: (definition) => set({ definition }),
        replace: (definition, edited) => {
          what = edited
          set({ definition })
        },
      }),
      {
        limit: 200,
        partialize: ({ definition }) => ({ definition }),
        equality: (past, current) => past.definition === current.definition,
        handleSet: (handleSet) => (past) => {
          const now = Date.now()
          if (what === undefined || what !== lastWhat || now - lastStep > STEP_MS) handleSet(past)
          lastStep = now
          lastWhat = what
          what = undefined
        },
      },
    ),
  )
  const useHistory = <T,>(choose: (state: TemporalState<Past<D>>) => T): T => useStore(useDocument.temporal, choose)
  const start = (definition: D | null): void => {
    useDocument.getState().load(definition)
    useDocument.temporal.getState().clear()
    lastWhat = undefined
  }
  return { useDocument, useHistory, start }
}
