/** Every problem of the rule; a click jumps to the spot. */
import { CheckCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { Problem, RuleDefinition } from '../../api/types'
import { useSettled } from '../../components/formula/use-check'
import { ProblemList } from '../../components/problems'
import { levelOf, sectionOf } from './lib/paths'
import { jumpTo } from './section'

export const useProblems = (rule: RuleDefinition, enabled: boolean): { problems: Problem[]; known: boolean; sound: boolean } => {
  const text = useMemo(() => JSON.stringify(rule), [rule])
  const settled = useSettled(text, 500)
  const check = useQuery({
    queryKey: ['rule-check', settled],
    queryFn: () => api.post<{ problems: Problem[] }>('/rules/check', { definition: JSON.parse(settled) as RuleDefinition }),
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 60_000,
    enabled,
  })
  if (check.error instanceof ApiError && check.error.problems.length > 0) return { problems: check.error.problems, known: true, sound: false }
  // Sound is what was checked as it stands: an older answer says nothing about what has just been typed.
  return { problems: check.data?.problems ?? [], known: check.isSuccess, sound: settled === text && check.isSuccess && !check.isPlaceholderData && check.data.problems.length === 0 }
}

export const ProblemsCard = ({ problems, known }: { problems: Problem[]; known: boolean }) => {
  const { t } = useTranslation()
  if (!known) return null
  return (
    <section className="card pad problems-card">
      {problems.length === 0 ? (
        <p className="good-line"><CheckCircleFilled aria-hidden="true" /> {t('没有问题，可以发布')}</p>
      ) : (
        <>
          <h2 className="card-title-inline">{t('{{n}} 处要改', { n: problems.length })}</h2>
          <ProblemList problems={problems} onJump={(problem) => jumpTo(sectionOf(problem.path), levelOf(problem.path))} />
        </>
      )}
    </section>
  )
}
