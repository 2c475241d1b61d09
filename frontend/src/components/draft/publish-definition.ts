/** Save a definition and put it to work in one go, for the small kinds that need no long drafting. */
import { api, ApiError } from '../../api/client'
import type { Definition, Problem } from '../../api/types'

interface Answer {
  etag: string
  problems: Problem[]
}

export const publishDefinition = async <D,>(noun: string, key: string, definition: D): Promise<void> => {
  const known = await api.get<Definition<D>>(`/${noun}/${key}`).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  })
  await api.put<Answer>(`/${noun}/${key}/draft`, { definition }, known?.draft?.etag ?? null)
  await api.post(`/${noun}/${key}/publish`)
}
