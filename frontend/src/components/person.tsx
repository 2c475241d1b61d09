/** A person by name where the API gives a key; the system by its own word. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Page, User } from '../api/types'

export const usePeople = () => useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<User>>('/users'), staleTime: 300_000, retry: false })

export const Person = ({ of: key }: { of: string | null | undefined }) => {
  const { t } = useTranslation()
  const people = usePeople()
  if (!key || key === 'system') return <>{t('系统')}</>
  return <span title={key}>{people.data?.items.find((user) => user.key === key)?.name ?? key}</span>
}
