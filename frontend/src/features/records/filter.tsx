/** Filter by conditions: drawn in groups, sent as one expression. */
import { Button } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExpressionField, FormDefinition } from '../../api/types'
import { useCheck } from '../../components/formula/use-check'
import { ProblemList } from '../../components/problems'
import { CardSkeleton } from '../../components/states'
import { pick } from '../../i18n'
import { fieldLabel } from './use-form'

const ConditionBuilder = lazy(() => import('../../components/conditions/builder').then((module) => ({ default: module.ConditionBuilder })))

const SKIPPED = new Set(['sub_form', 'json', 'attachment', 'image', 'signature', 'sparkline'])
const NO_NAMES: Record<string, string> = {}

/** What a list may be filtered by: the form's own fields (a link by its code). */
const ownFields = (form: FormDefinition): ExpressionField[] =>
  form.fields.filter((field) => !SKIPPED.has(field.type)).map((field) => ({ path: field.key, label: fieldLabel(field), type: field.type === 'formula' ? 'number' : field.type, group: pick(form, 'name'), options: field.options }))

export const FilterPanel = ({ form, source, onApply }: { form: FormDefinition; source: string; onApply: (source: string) => void }) => {
  const { t } = useTranslation()
  const [text, setText] = useState(source)
  const fields = useMemo(() => ownFields(form), [form])
  const words = useMemo(() => fields.map((field) => ({ insert: field.path, label: field.label, detail: field.path, kind: 'field' as const })), [fields])
  const given = useCheck({ source, over: form.key, result: 'boolean' })
  const check = useCheck({ source: text, over: form.key, result: 'boolean' })
  const problems = text.trim() ? (check.data?.problems ?? []) : []
  return (
    <div className="filter-panel">
      <Suspense fallback={<CardSkeleton lines={2} />}>
        {source === '' || given.data ? <ConditionBuilder source={source} groups={source === '' ? null : (given.data?.groups ?? null)} fields={fields} names={NO_NAMES} words={words} onChange={setText} /> : <CardSkeleton lines={2} />}
      </Suspense>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      <div className="row"><Button type="primary" disabled={text.trim() === '' || problems.length > 0} onClick={() => onApply(text)}>{t('筛选')}</Button></div>
    </div>
  )
}
