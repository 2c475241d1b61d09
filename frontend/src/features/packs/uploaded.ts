/** The pack that somebody chose from their disk: kept for this visit, sent whole with each question. */
import type { Json } from '../../api/types'

let document: Json | null = null

export const rememberUpload = (next: Json): void => {
  document = next
}

export const uploaded = (): Json | null => document

/** What the API takes for a pack: the key of a shipped one, or the whole document. */
export const sourceOf = (key: string): string | Json => (key === 'uploaded' && document ? document : key)
