/** A server-side list: filters go out as the query, pages come in by cursor. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, type Query } from '../api/client'
import type { Page } from '../api/types'

export interface List<T> {
  items: T[]
  total: number | undefined
  first: Page<T> | undefined
  isPending: boolean
  isError: boolean
  isRefreshing: boolean
  error: unknown
  hasMore: boolean
  isLoadingMore: boolean
  loadMore: () => void
  refetch: () => void
}

export const useList = <T>(path: string, query: Query = {}, enabled = true): List<T> => {
  const answer = useInfiniteQuery({
    queryKey: ['list', path, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.get<Page<T>>(path, { limit: 100, ...query, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: (previous) => previous,
    enabled,
  })
  const items = useMemo(() => answer.data?.pages.flatMap((page) => page.items) ?? [], [answer.data])
  return {
    items,
    total: answer.data?.pages[0]?.total,
    first: answer.data?.pages[0],
    isPending: answer.isPending,
    isError: answer.isError && items.length === 0,
    isRefreshing: answer.isFetching && !answer.isFetchingNextPage,
    error: answer.error,
    hasMore: answer.hasNextPage,
    isLoadingMore: answer.isFetchingNextPage,
    loadMore: () => void (answer.hasNextPage && !answer.isFetchingNextPage && answer.fetchNextPage()),
    refetch: () => void answer.refetch(),
  }
}
