/** Whom a branch tells: people, roles, a person named in the record, whoever is on call, the superior of those before. */
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page } from '../../api/types'
import { usePeople } from '../../components/person'

export interface Rota {
  key: string
  name: string
  people: string[]
  starts: string
  every?: 'day' | 'week'
  at?: string
  now: string | null
  now_name: string
  next: { day: string; person: string; name: string }[]
}

export const useRotas = () => useQuery({ queryKey: ['rotas'], queryFn: () => api.get<Page<Rota>>('/rotas'), retry: false })

const ROLES: [string, string][] = [['buyer', '采购'], ['manager', '主管'], ['admin', '管理员'], ['operator', '操作员'], ['designer', '设计者']]

export const useReceiverName = (): ((receiver: string) => string) => {
  const { t } = useTranslation()
  const people = usePeople()
  const rotas = useRotas()
  return (receiver) => {
    const [kind, ...rest] = receiver.split(':')
    const name = rest.join(':')
    if (kind === 'role') return t('角色：{{name}}', { name: t(ROLES.find(([key]) => key === name)?.[1] ?? name) })
    if (kind === 'field') return t('记录里的：{{name}}', { name })
    if (kind === 'rota') return t('值班：{{name}}', { name: rotas.data?.items.find((rota) => rota.key === name)?.name ?? name })
    if (kind === 'superior') return t('上级')
    const key = kind === 'person' || kind === 'user' ? name : receiver
    return people.data?.items.find((user) => user.key === key)?.name ?? key
  }
}

export const Receivers = ({ value, onChange, label }: { value: string[]; onChange: (value: string[]) => void; label: string }) => {
  const { t } = useTranslation()
  const people = usePeople()
  const rotas = useRotas()
  const name = useReceiverName()
  const roles = new Set(ROLES.map(([key]) => key))
  const users = people.data?.items ?? []
  for (const user of users) for (const role of user.roles) roles.add(role)
  const groups = [
    { label: t('角色'), options: [...roles].map((role) => ({ value: `role:${role}`, label: name(`role:${role}`) })) },
    { label: t('值班表'), options: (rotas.data?.items ?? []).map((rota) => ({ value: `rota:${rota.key}`, label: `${rota.name}（${t('现在')}：${rota.now_name}）` })) },
    { label: t('记录里的人'), options: ['sku.owner', 'warehouse.owner', 'supplier.owner'].map((field) => ({ value: `field:${field}`, label: name(`field:${field}`) })) },
    { label: t('其他'), options: [{ value: 'superior', label: t('前面这些人的上级') }] },
    { label: t('同事'), options: users.map((user) => ({ value: `person:${user.key}`, label: user.name })) },
  ].filter((group) => group.options.length > 0)
  return <Select mode="tags" aria-label={label} style={{ width: '100%' }} value={value} onChange={onChange} options={groups} optionFilterProp="label" placeholder={t('沿用上一层')} labelRender={(item) => name(String(item.value))} />
}
