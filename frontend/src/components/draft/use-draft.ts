/** A definition's draft: saved a second after the last edit; a conflict is shown, never overwritten. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { api, ApiError } from '../../api/client'
import type { Problem } from '../../api/types'
import { queryClient } from '../../app/query'

export type SaveState = 'clean' | 'dirty' | 'saving' | 'saved' | 'conflict' | 'failed'

/** Where the definition being edited is kept: read without subscribing, and replaced. */
export interface Kept<D> {
  definition: D | null
  read: () => D | null
  load: (definition: D) => void
}

export interface Draft<D> {
  state: SaveState
  problems: Problem[]
  savedAt: string | null
  flush: () => Promise<boolean>
  adopt: (etag: string | null, definition: D) => void
  overwrite: (etag: string | null) => void
}

const PAUSE_MS = 1000

interface Initial<D> {
  etag: string | null
  definition: D
  problems: Problem[]
}

/** Keep the draft of `noun/key` in step with what is edited; `kept` must be stable but for its definition. */
export const useDraft = <D,>(noun: string, key: string, kept: Kept<D>, initial: Initial<D>): Draft<D> => {
  const { definition, read, load } = kept
  const etag = useRef(initial.etag)
  const saved = useRef<D>(initial.definition)
  const inFlight = useRef<Promise<boolean> | null>(null)
  const [state, setState] = useState<SaveState>('clean')
  const [problems, setProblems] = useState<Problem[]>(initial.problems)
  const [savedAt, setSavedAt] = useState<string | null>(null)

  const save = useCallback(async (): Promise<boolean> => {
    const current = read()
    if (!current || current === saved.current) return true
    setState('saving')
    try {
      const answer = await api.put<{ etag: string; problems: Problem[] }>(`/${noun}/${key}/draft`, { definition: current }, etag.current)
      etag.current = answer.etag
      saved.current = current
      setProblems(answer.problems ?? [])
      setSavedAt(new Date().toISOString())
      setState(read() === current ? 'saved' : 'dirty')
      void queryClient.invalidateQueries({ queryKey: [noun] })
      return true
    } catch (error) {
      const stale = error instanceof ApiError && (error.status === 409 || error.status === 412)
      if (error instanceof ApiError && error.problems.length > 0) setProblems(error.problems)
      setState(stale ? 'conflict' : 'failed')
      return false
    }
  }, [noun, key, read])

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
      if (read() !== saved.current) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [read])

  const adopt = useCallback((next: string | null, document: D): void => {
    etag.current = next
    saved.current = document
    if (read() !== document) load(document)
    setState('clean')
  }, [read, load])

  const overwrite = useCallback((next: string | null): void => {
    etag.current = next
    setState('dirty')
  }, [])

  return { state, problems, savedAt, flush, adopt, overwrite }
}
