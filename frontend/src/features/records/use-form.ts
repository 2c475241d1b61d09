/** A form's definition, and which of its fields a list shows. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Definition, FormDefinition, FormField, RecordItem } from '../../api/types'
import { pick } from '../../i18n'
import { fitsCell } from '../../lib/fields'

export const useFormDefinition = (key: string) =>
  useQuery({ queryKey: ['form', key], queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${key}`), staleTime: 300_000 })

export { fieldLabel, labelWithUnit } from '../../components/record-form/label'

export const titleField = (form: FormDefinition): string => (form.fields.find((field) => field.key === 'code') ?? form.fields[0])?.key ?? 'id'

/** How people call a record: by the fields that the form names, else code and name. */
export const recordTitle = (form: FormDefinition, record: RecordItem): string => {
  const keys = form.display ?? ['code', 'name'].filter((key) => key in record.values)
  const words = keys.map((key) => record.labels?.[key] ?? record.values[key]).filter((part) => part !== null && part !== undefined && part !== '' && typeof part !== 'object')
  return words.join(' ') || `${pick(form, 'name')} ${record.id}`
}

export const isEditable = (field: FormField): boolean => fitsCell(field)
