/** What every setting of the panel may need: the workflow, the step it belongs to, names, whether it may be changed. */
import { createContext, useContext } from 'react'
import type { Flow } from '../../../lib/flow/model'
import type { Names } from '../../../lib/flow/words'
import type { Word } from '../../../components/formula/vocabulary'

export interface PanelContext {
  flow: Flow
  node: string
  names: Names
  words: readonly Word[]
  readOnly: boolean
}

const Context = createContext<PanelContext | null>(null)

export const PanelProvider = Context.Provider

export const usePanel = (): PanelContext => {
  const panel = useContext(Context)
  if (!panel) throw new Error('outside of the panel')
  return panel
}
