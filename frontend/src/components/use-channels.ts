/** The channels that are set up, with how people call them. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Page } from '../api/types'

export interface ChannelItem {
  key: string
  type: string
  name: string
  enabled: boolean
}

export const useChannels = () => useQuery({ queryKey: ['channels'], queryFn: () => api.get<Page<ChannelItem>>('/channels'), staleTime: 60_000, retry: false })

export const useChannelOptions = (): { value: string; label: string }[] => (useChannels().data?.items ?? []).map((item) => ({ value: item.key, label: item.name }))

export const useChannelName = (): ((key: string) => string) => {
  const channels = useChannels()
  return (key) => channels.data?.items.find((item) => item.key === key)?.name ?? key
}
