/** The server's opinion of a formula, asked for when typing pauses; and its value on one record. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api, ApiError } from '../../api/client'
import type { Catalog, ExpressionCheck, ExpressionField, Json, Page, Problem } from '../../api/types'
import { language, pick } from '../../i18n'
import type { Squiggle } from './editor'
import { fieldWords, functionWords, valueWords, type Word } from './vocabulary'

export const useSettled = <T>(value: T, milliseconds = 350): T => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}

export const useCatalog = () => useQuery({ queryKey: ['catalog'], queryFn: () => api.get<Catalog>('/catalog'), staleTime: 600_000 })

export const useFields = (over: string) =>
  useQuery({
    queryKey: ['expression-fields', over],
    queryFn: async () => {
      const answer = await api.get<Page<ExpressionField> | ExpressionField[]>('/expressions/fields', { over })
      return Array.isArray(answer) ? answer : answer.items
    },
    enabled: over !== '',
    staleTime: 300_000,
  })

export const useWords = (over: string, names: Record<string, string> | undefined): Word[] => {
  const fields = useFields(over)
  const catalog = useCatalog()
  const spoken = language()
  return useMemo(
    () => [...valueWords(names), ...fieldWords(fields.data ?? [], spoken), ...functionWords(catalog.data?.functions ?? [], spoken)],
    [fields.data, catalog.data, names, spoken],
  )
}

export interface CheckInput {
  source: string
  over: string
  names?: Record<string, string>
  result?: string
}

export const useCheck = ({ source, over, names, result }: CheckInput) => {
  const settled = useSettled(source)
  return useQuery({
    queryKey: ['expression-check', over, settled, names, result],
    queryFn: () => api.post<ExpressionCheck>('/expressions/check', { source: settled, over, let: names ?? {}, ...(result ? { result } : {}) }),
    enabled: settled.trim() !== '' && over !== '',
    placeholderData: (previous) => (settled.trim() === '' ? undefined : previous),
    staleTime: 60_000,
    retry: false,
  })
}

export const squigglesOf = (check: ExpressionCheck | undefined, length: number): Squiggle[] =>
  (check?.problems ?? []).map((problem) => {
    const from = problem.at?.offset ?? problem.start ?? 0
    const hint = pick(problem, 'hint')
    return { from, to: problem.at ? from + problem.at.length : (problem.end ?? length), message: hint ? `${pick(problem, 'message')}。${hint}` : pick(problem, 'message'), fix: problem.fix }
  })

/** The source with a problem's proposal in place of what it marks. */
export const mended = (source: string, problem: Problem): string => (problem.at && problem.fix ? source.slice(0, problem.at.offset) + problem.fix + source.slice(problem.at.offset + problem.at.length) : source)

export interface Evaluation {
  value: Json
  reason?: string
  reason_en?: string
  sentence?: string
  sentence_en?: string
  explanation?: Json
}

export const useValue = (input: CheckInput & { keys: Record<string, string> | null }) => {
  const settled = useSettled(input.source)
  return useQuery({
    queryKey: ['expression-value', input.over, settled, input.names, input.keys],
    queryFn: () => api.post<Evaluation>('/expressions/evaluate', { source: settled, form: input.over, keys: input.keys, let: input.names ?? {} }),
    enabled: settled.trim() !== '' && input.keys !== null,
    retry: false,
    staleTime: 60_000,
  })
}

export const refused = (error: unknown): boolean => error instanceof ApiError && error.status === 422
