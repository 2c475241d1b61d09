/** A form's definition, and which of its fields a list shows. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Definition, FormDefinition, FormField } from '../../api/types'
import { language, pick } from '../../i18n'
import { fitsCell } from '../../lib/fields'

export const useFormDefinition = (key: string) =>
  useQuery({ queryKey: ['form', key], queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${key}`), staleTime: 300_000 })

export const fieldLabel = (field: FormField): string => pick(field, 'label') || field.key

/** The label with its unit, once: 起订量（件）, Lead time (days). */
export const labelWithUnit = (field: FormField): string => {
  const label = fieldLabel(field)
  if (!field.unit || /[)）]$/.test(label)) return label
  return language() === 'en' ? `${label} (${field.unit})` : `${label}（${field.unit}）`
}

const LONG = new Set(['sub_form', 'json', 'attachment', 'image', 'signature', 'rich_text', 'long_text', 'sparkline'])

/** The columns of the first grid view, else the first fields that fit a cell. */
export const gridFields = (form: FormDefinition): FormField[] => {
  const view = form.views?.find((item) => item.type === 'grid' && item.columns && item.columns.length > 0)
  const byKey = new Map(form.fields.map((field) => [field.key, field]))
  const wanted = view?.columns?.map((key) => byKey.get(key)).filter((field): field is FormField => field !== undefined)
  return wanted ?? form.fields.filter((field) => !field.hidden && !LONG.has(field.type)).slice(0, 12)
}

export const titleField = (form: FormDefinition): string => (form.fields.find((field) => field.key === 'code') ?? form.fields[0])?.key ?? 'id'

export const isEditable = (field: FormField): boolean => fitsCell(field)
