/** What one may do with the records of a form, as the server says it. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { AccessAnswer, Right } from './types'

export const useAccess = (form: string, person = '') =>
  useQuery({ queryKey: ['access', form, person], queryFn: () => api.get<AccessAnswer>(`/forms/${form}/access`, { as: person }), staleTime: 60_000 })

export const may = (access: AccessAnswer | undefined, right: Right): boolean => access?.can.includes(right) ?? false

export const fieldRight = (access: AccessAnswer | undefined, key: string): 'read' | 'write' | 'hide' => access?.fields[key] ?? (access ? 'hide' : 'read')
