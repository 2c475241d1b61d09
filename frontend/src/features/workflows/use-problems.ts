/** What is wrong with the workflow as it is drawn, asked for when drawing pauses; and the steps that it concerns. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, ApiError } from '../../api/client'
import type { Problem } from '../../api/types'
import type { Mark } from '../../components/flow/desk'
import { useSettled } from '../../components/formula/use-check'
import type { Flow } from '../../lib/flow/model'
import { placeOf } from './lib/paths'

export const useProblems = (flow: Flow, enabled: boolean): { problems: Problem[]; known: boolean } => {
  const settled = useSettled(flow, 400)
  const check = useQuery({
    queryKey: ['workflow-check', settled],
    queryFn: () => api.post<{ problems: Problem[] }>('/workflows/check', { definition: settled }),
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 60_000,
    enabled,
  })
  const refused = check.error instanceof ApiError ? check.error.problems : []
  return { problems: refused.length > 0 ? refused : (check.data?.problems ?? []), known: (check.isSuccess && !check.isPlaceholderData && settled === flow) || refused.length > 0 }
}

export const useProblemMarks = (flow: Flow, problems: readonly Problem[]): ReadonlyMap<string, Mark> =>
  useMemo(() => {
    const marks = new Map<string, Mark>()
    for (const problem of problems) {
      const place = placeOf(problem.path, flow)
      if (place) marks.set(place.kind === 'node' ? place.id : `?${place.id}`, { tone: 'problem' })
    }
    return marks
  }, [flow, problems])
