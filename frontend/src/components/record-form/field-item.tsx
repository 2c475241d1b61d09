/** One field of a record: its label, its control or value, and what is wrong with it. */
import { useTranslation } from 'react-i18next'
import type { FormField } from '../../api/types'
import { pick } from '../../i18n'
import { isWide } from '../../lib/fields'
import type { LiveForm } from '../../lib/form/live'
import { typeset } from '../../lib/typeset'
import { FieldInput } from '../field-input'
import { labelWithUnit } from './label'
import { SeriesValue } from './series'
import { SubGrid } from './sub-grid'
import { useLive } from './use-live'
import { FieldValue } from './value'

interface Props {
  live: LiveForm
  field: FormField
  readOnly: boolean
  hiddenAccess: boolean
  problem?: string
  label?: string
  onEdited: (key: string) => void
}

const COMPUTED = new Set(['formula', 'auto_number', 'sparkline'])

const ENTRY = new Set(['sub_form', 'image', 'attachment', 'signature', 'rating'])

export const FieldItem = ({ live, field, readOnly, hiddenAccess, problem, label, onEdited }: Props) => {
  const { t } = useTranslation()
  const value = useLive(live, (form) => form.values[field.key])
  const hidden = useLive(live, (form) => form.states.hidden.has(field.key))
  const required = useLive(live, (form) => form.isRequired(field))
  const locked = useLive(live, (form) => form.isLocked(field))
  const conditional = live.logic.options[field.key] !== undefined
  const offered = useLive(live, (form) => (conditional ? JSON.stringify(form.offered(field)) : ''))
  if (hidden || hiddenAccess) return null
  const computed = COMPUTED.has(field.type)
  const fixed = readOnly || locked || computed
  const shown = conditional ? { ...field, options: JSON.parse(offered) as FormField['options'] } : field
  const id = `field-${field.key}`
  const put = (next: FormField['default']): void => {
    live.set(field.key, next ?? null)
    onEdited(field.key)
  }
  const title = <>{labelWithUnit(field)}{required && !readOnly ? <span className="required-mark" aria-hidden="true">*</span> : null}{locked && !readOnly ? <small className="faint"> {t('不能改')}</small> : null}</>
  const empty = value === null || value === undefined
  return (
    <div className={`record-field ${isWide(field) ? 'wide' : ''} ${problem ? 'has-problem' : ''}`} id={`item-${field.key}`}>
      {fixed || ENTRY.has(field.type) ? <div className="record-label" id={`label-${field.key}`}>{title}</div> : <label className="record-label" htmlFor={id}>{title}</label>}
      {field.type === 'sub_form' ? <SubGrid live={live} field={field} readOnly={readOnly || locked} /> : null}
      {field.type !== 'sub_form' && fixed ? <div className={computed && !readOnly ? 'computed-value' : 'read-value'}>{computed && !readOnly && empty && field.type !== 'sparkline' ? <span className="faint">{field.type === 'auto_number' ? t('保存时自动编号') : t('自动计算')}</span> : field.type === 'sparkline' ? <SeriesValue live={live} field={field} /> : <FieldValue field={field} value={value} label={label} />}</div> : null}
      {field.type !== 'sub_form' && !fixed ? <FieldInput id={id} field={shown} value={value ?? null} label={label} onChange={put} /> : null}
      {problem ? <p className="field-problem" role="alert">{typeset(problem)}</p> : null}
      {!readOnly && (field.help || field.help_en) ? <p className="field-help">{pick(field, 'help')}</p> : null}
    </div>
  )
}
