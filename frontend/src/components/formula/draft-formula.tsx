/** A formula over the form being drawn: completion with its fields, problems and meaning from the server's checker. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { ExpressionCheck, ExpressionField, FormDefinition, FormField, Page } from '../../api/types'
import { squigglesOf, useCatalog, useSettled } from './use-check'
import { fieldWords, functionWords, type Word } from './vocabulary'
import { ProblemList } from '../problems'
import { language, pick } from '../../i18n'

const FormulaEditor = lazy(() => import('./editor').then((module) => ({ default: module.FormulaEditor })))

export interface Over {
  key: string
  name: string
  fields: FormField[]
}

/** What an expression over a form (or over one row of a sub-form) may read. */
const useDraftWords = (over: Over): Word[] => {
  const text = useSettled(JSON.stringify({ key: over.key, name: over.name, fields: over.fields }), 500)
  const fields = useQuery({
    queryKey: ['draft-fields', text],
    queryFn: () => api.post<Page<ExpressionField>>('/expressions/fields', { draft: JSON.parse(text) as Over }),
    placeholderData: (previous) => previous,
    staleTime: 60_000,
  })
  const catalog = useCatalog()
  const spoken = language()
  return useMemo(() => [...fieldWords(fields.data?.items ?? [], spoken), ...functionWords(catalog.data?.functions ?? [], spoken)], [fields.data, catalog.data, spoken])
}

const useDraftCheck = (source: string, over: Over, result: string | undefined) => {
  const settled = useSettled(source)
  const text = useSettled(JSON.stringify({ key: over.key, name: over.name, fields: over.fields }), 500)
  return useQuery({
    queryKey: ['draft-check', text, settled, result],
    queryFn: () => api.post<ExpressionCheck>('/expressions/check', { source: settled, draft: JSON.parse(text) as Over, ...(result ? { result } : {}) }),
    enabled: settled.trim() !== '',
    placeholderData: (previous) => (settled.trim() === '' ? undefined : previous),
    staleTime: 60_000,
    retry: false,
  })
}

interface Props {
  over: Over
  value: string
  onChange: (value: string) => void
  label: string
  placeholder?: string
  result?: 'boolean'
}

export const DraftFormula = ({ over, value, onChange, label, placeholder, result }: Props) => {
  const { t } = useTranslation()
  const words = useDraftWords(over)
  const check = useDraftCheck(value, over, result)
  const fresh = value.trim() !== '' && check.data !== undefined && !check.isPlaceholderData
  const squiggles = useMemo(() => squigglesOf(check.data, value.length), [check.data, value.length])
  const problems = fresh ? (check.data?.problems ?? []) : []
  return (
    <div className="draft-formula">
      <Suspense fallback={<span className="bone field-bone" />}>
        <FormulaEditor value={value} onChange={onChange} words={words} squiggles={squiggles} label={label} placeholder={placeholder ?? t('输入字段名或函数名，会有提示')} />
      </Suspense>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      {fresh && problems.length === 0 ? <p className="faint formula-says">{pick(check.data, 'sentence')}</p> : null}
    </div>
  )
}

export const overForm = (form: FormDefinition): Over => ({ key: form.key, name: form.name, fields: form.fields })
