/** The label of a field with its unit, once: 起订量（件）, Lead time (days). */
import type { FormField } from '../../api/types'
import { language, pick } from '../../i18n'

export const fieldLabel = (field: FormField): string => pick(field, 'label') || field.key

export const labelWithUnit = (field: FormField): string => {
  const label = fieldLabel(field)
  if (!field.unit || /[)）]$/.test(label)) return label
  return language() === 'en' ? `${label} (${field.unit})` : `${label}（${field.unit}）`
}
