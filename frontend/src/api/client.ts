/** The one way to the server: JSON over fetch, with the session cookie, the CSRF token and problem documents as errors. */
import type { Problem, ProblemDocument } from './types'

const ROOT = '/api/v1'
let csrfToken = ''

export const rememberCsrfToken = (token: string): void => {
  csrfToken = token
}

export type Query = Record<string, string | number | boolean | null | undefined>

/** An answer that is not 2xx; `problems` are what the form or the builder marks at their paths. */
export class ApiError extends Error {
  readonly status: number
  readonly document: ProblemDocument
  constructor(status: number, document: ProblemDocument) {
    super(document.detail ?? document.title ?? String(status))
    this.status = status
    this.document = document
  }
  get problems(): Problem[] {
    return this.document.problems ?? []
  }
}

export const queryString = (query: Query = {}): string => {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString()
  return text ? `?${text}` : ''
}

const readBody = async (response: Response): Promise<unknown> => {
  if (response.status === 204) return undefined
  const text = await response.text()
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return { title: text.slice(0, 200) }
  }
}

interface Options {
  query?: Query
  body?: unknown
  etag?: string | null
  signal?: AbortSignal
}

export const request = async <T>(method: string, path: string, options: Options = {}): Promise<T> => {
  const headers: Record<string, string> = { Accept: 'application/json' }
  const form = options.body instanceof FormData
  if (options.body !== undefined && !form) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = csrfToken
    headers['Idempotency-Key'] = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`
  }
  if (options.etag) headers['If-Match'] = options.etag
  let response: Response
  try {
    response = await fetch(`${ROOT}${path}${queryString(options.query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal,
      body: options.body === undefined ? undefined : form ? (options.body as FormData) : JSON.stringify(options.body),
    })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(0, { title: '连接不上服务器', title_en: 'The server cannot be reached', detail: '连接不上服务器，请检查网络后重试', detail_en: 'The server cannot be reached. Check the network and try again.' })
  }
  const body = await readBody(response)
  if (!response.ok) throw new ApiError(response.status, (body ?? {}) as ProblemDocument)
  return body as T
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  post: <T>(path: string, body: unknown = {}) => request<T>('POST', path, { body }),
  put: <T>(path: string, body: unknown, etag?: string | null) => request<T>('PUT', path, { body, etag }),
  patch: <T>(path: string, body: unknown, etag?: string | null) => request<T>('PATCH', path, { body, etag }),
  delete: <T>(path: string) => request<T>('DELETE', path),
}
