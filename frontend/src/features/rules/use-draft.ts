/** Saves the draft a second after the last edit; a conflict is shown, never overwritten. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { api, ApiError } from '../../api/client'
import type { Problem, RuleDefinition } from '../../api/types'
import { queryClient } from '../../app/query'
import { useBuilder } from './store'

export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | 'conflict' | 'failed'

export interface Draft {
  state: SaveState
  problems: Problem[]
  savedAt: string | null
  flush: () => Promise<boolean>
  adopt: (etag: string | null, definition: RuleDefinition) => void
  overwrite: (etag: string | null) => void
}

const PAUSE_MS = 1000

export const useDraft = (key: string, initial: { etag: string | null; definition: RuleDefinition; problems: Problem[] }): Draft => {
  const definition = useBuilder((state) => state.definition)
  const etag = useRef(initial.etag)
  const saved = useRef<RuleDefinition>(initial.definition)
  const inFlight = useRef<Promise<boolean> | null>(null)
  const [state, setState] = useState<SaveState>('clean')
  const [problems, setProblems] = useState<Problem[]>(initial.problems)
  const [savedAt, setSavedAt] = useState<string | null>(null)

  const save = useCallback(async (): Promise<boolean> => {
    const current = useBuilder.getState().definition
    if (!current || current === saved.current) return true
    setState('saving')
    try {
      const answer = await api.put<{ etag: string; problems: Problem[] }>(`/rules/${key}/draft`, { definition: current }, etag.current)
      etag.current = answer.etag
      saved.current = current
      setProblems(answer.problems ?? [])
      setSavedAt(new Date().toISOString())
      setState(useBuilder.getState().definition === current ? 'saved' : 'dirty')
      void queryClient.invalidateQueries({ queryKey: ['rules'] })
      return true
    } catch (error) {
      const stale = error instanceof ApiError && (error.status === 409 || error.status === 412)
      if (error instanceof ApiError && error.problems.length > 0) setProblems(error.problems)
      setState(stale ? 'conflict' : 'failed')
      return false
    }
  }, [key])

  const flush = useCallback(async (): Promise<boolean> => {
    while (inFlight.current) await inFlight.current
    inFlight.current = save()
    try {
      return await inFlight.current
    } finally {
      inFlight.current = null
    }
  }, [save])

  useEffect(() => {
    if (!definition || definition === saved.current || state === 'conflict') return undefined
    setState((previous) => (previous === 'saving' ? previous : 'dirty'))
    const timer = setTimeout(() => void flush(), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [definition, flush, state])

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (useBuilder.getState().definition !== saved.current) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [])

  const adopt = useCallback((next: string | null, document: RuleDefinition): void => {
    etag.current = next
    saved.current = document
    if (useBuilder.getState().definition !== document) useBuilder.getState().load(document)
    setState('clean')
  }, [])

  const overwrite = useCallback((next: string | null): void => {
    etag.current = next
    setState('dirty')
  }, [])

  return { state, problems, savedAt, flush, adopt, overwrite }
}
