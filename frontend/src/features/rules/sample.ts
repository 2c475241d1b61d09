/** The record on which the builder shows live values: the one that was picked, else the first of the table. */
import { useQuery } from '@tanstack/react-query'
import { create } from 'zustand'
import { api } from '../../api/client'
import type { Definition, FormDefinition, Page, RecordItem } from '../../api/types'

interface SampleState {
  keys: Record<string, string> | null
  label: string
  choose: (keys: Record<string, string> | null, label: string) => void
}

export const useSampleChoice = create<SampleState>((set) => ({ keys: null, label: '', choose: (keys, label) => set({ keys, label }) }))

export const useForm = (key: string) => useQuery({ queryKey: ['form', key], queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${key}`), staleTime: 300_000, enabled: key !== '' })

export const naturalKeys = (form: FormDefinition | null | undefined): string[] => {
  if (form?.natural_keys && form.natural_keys.length > 0) return form.natural_keys
  const unique = form?.fields.find((field) => field.unique)
  return unique ? [unique.key] : []
}

export const keysOf = (record: RecordItem, names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, String(record.values[name] ?? '')]))

export const sampleLabel = (record: RecordItem, names: readonly string[]): string => names.map((name) => record.labels?.[name] ?? String(record.values[name] ?? '')).join(' · ')

export interface Sample {
  keys: Record<string, string> | null
  label: string
}

export const useSample = (over: string): Sample => {
  const chosen = useSampleChoice()
  const form = useForm(over)
  const first = useQuery({ queryKey: ['sample', over], queryFn: () => api.get<Page<RecordItem>>(`/forms/${over}/records`, { limit: 1 }), staleTime: 300_000, enabled: over !== '' })
  if (chosen.keys) return { keys: chosen.keys, label: chosen.label }
  const names = naturalKeys(form.data?.definition)
  const [record] = first.data?.items ?? []
  return record && names.length > 0 ? { keys: keysOf(record, names), label: sampleLabel(record, names) } : { keys: null, label: '' }
}
