/** The rule being edited, with undo and redo; edits within half a second are one step. */
import type { RuleDefinition } from '../../api/types'
import { documentStore } from '../../components/draft/document-store'

const store = documentStore<RuleDefinition>()

/** A key whose value is undefined is taken out of the document. */
const merged = (definition: RuleDefinition, patch: Partial<RuleDefinition>): RuleDefinition =>
  Object.fromEntries(Object.entries({ ...definition, ...patch }).filter(([, value]) => value !== undefined)) as unknown as RuleDefinition

const change = (patch: Partial<RuleDefinition>): void => {
  const { definition, replace } = store.useDocument.getState()
  if (definition) replace(merged(definition, patch), 'rule')
}

interface Builder {
  definition: RuleDefinition | null
  load: (definition: RuleDefinition | null) => void
  change: typeof change
}

const asBuilder = ({ definition, load }: { definition: RuleDefinition | null; load: Builder['load'] }): Builder => ({ definition, load, change })

export const useBuilder = Object.assign(<T>(choose: (state: Builder) => T): T => store.useDocument((state) => choose(asBuilder(state))), {
  getState: (): Builder => asBuilder(store.useDocument.getState()),
})

export const useHistory = store.useHistory

export const loadRule = store.start

/** The definition inside the builder, where one is always loaded. */
export const useRule = (): RuleDefinition => {
  const definition = useBuilder((state) => state.definition)
  if (!definition) throw new Error('no rule is loaded')
  return definition
}
