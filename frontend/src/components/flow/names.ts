/** The names behind the keys in a workflow: people, roles, forms, fields, other workflows. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { DefinitionItem, FormItem, Page } from '../../api/types'
import type { Names } from '../../lib/flow/words'
import { useWording } from '../formula/wording'
import { usePeople } from '../person'

/** Roles that come with the product, and those that its packs use. */
const ROLES: Record<string, string> = { admin: '管理员', designer: '设计者', operator: '运营', viewer: '只读人员', buyer: '采购', manager: '主管', finance: '财务', warehouse: '仓库' }

const useItems = <T extends DefinitionItem>(noun: string) => useQuery({ queryKey: [noun], queryFn: () => api.get<Page<T>>(`/${noun}`), staleTime: 60_000 })

export const useForms = () => useItems<FormItem>('forms')

export const useWorkflows = () => useItems<DefinitionItem>('workflows')

/** Every role that somebody has or that is defined, with its name. */
export const useRoles = (): { key: string; name: string }[] => {
  const { t } = useTranslation()
  const defined = useItems<DefinitionItem>('roles')
  const people = usePeople()
  return useMemo(() => {
    const names = new Map(Object.entries(ROLES).map(([key, name]) => [key, t(name)]))
    for (const person of people.data?.items ?? []) for (const role of person.roles) if (!names.has(role)) names.set(role, role)
    for (const role of defined.data?.items ?? []) names.set(role.key, role.name)
    return [...names].map(([key, name]) => ({ key, name }))
  }, [defined.data, people.data, t])
}

export const useNames = (form: string | undefined): Names => {
  const people = usePeople()
  const roles = useRoles()
  const forms = useForms()
  const workflows = useWorkflows()
  const wording = useWording(form ?? '')
  return useMemo(() => {
    const named = (items: { key: string; name: string }[] | undefined) => {
      const found = new Map((items ?? []).map((item) => [item.key, item.name]))
      return (key: string): string => found.get(key) ?? key
    }
    return { user: named(people.data?.items), role: named(roles), form: named(forms.data?.items), workflow: named(workflows.data?.items), field: (key) => wording.label(key) ?? key, say: wording.say }
  }, [people.data, roles, forms.data, workflows.data, wording])
}
