/** TanStack Query: what is retried, what is shown when a write fails, and the session that all pages read. */
import { MutationCache, QueryCache, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ApiError, rememberCsrfToken } from '../api/client'
import type { Language, Session } from '../api/types'
import { pick } from '../i18n'

type Notify = (text: string) => void
let notify: Notify = () => undefined

/** The message function lives inside antd's App; the shell hands it over once it is mounted. */
export const connectNotifier = (next: Notify): void => {
  notify = next
}

export const errorText = (error: unknown): string => {
  if (error instanceof ApiError) {
    const first = error.problems[0]
    const detail = pick(error.document, 'detail') || pick(error.document, 'title')
    if (first && !detail) return pick(first, 'message')
    return detail || error.message
  }
  return error instanceof Error ? error.message : String(error)
}

const worthRetrying = (error: unknown): boolean => !(error instanceof ApiError) || error.status === 0 || error.status >= 502

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'session') {
        queryClient.setQueryData(['session'], null)
      }
    },
  }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (error instanceof ApiError && error.status === 401) queryClient.setQueryData(['session'], null)
      if (mutation.meta?.quiet !== true) notify(errorText(error))
    },
  }),
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (count, error) => count < 2 && worthRetrying(error), refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})

export interface About {
  name: string
  is_demo: boolean
  language?: Language
  version: string
  signed_in?: boolean
}

const fetchAbout = (): Promise<About> => api.get<About>('/about')

export const useAbout = () => useQuery({ queryKey: ['about'], queryFn: fetchAbout, staleTime: Infinity })

/** Ask for the session only where there is one: a 401 would stand in the browser's console as an error. */
const fetchSession = async (): Promise<Session | null> => {
  const about = await fetchAbout()
  queryClient.setQueryData(['about'], about)
  if (about.signed_in === false) return null
  try {
    const session = await api.get<Session>('/session')
    rememberCsrfToken(session.csrf_token)
    return session
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}

export const useSession = () => useQuery({ queryKey: ['session'], queryFn: fetchSession, staleTime: 300_000 })

/** The session of a page inside the shell, where somebody is always logged in. */
export const useMe = (): Session => {
  const session = useQueryClient().getQueryData<Session>(['session'])
  if (!session) throw new Error('no session')
  return session
}

export const can = (roles: readonly string[], ...wanted: string[]): boolean => roles.includes('admin') || wanted.some((role) => roles.includes(role))
