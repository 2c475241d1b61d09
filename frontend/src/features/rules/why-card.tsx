/** Why the rule as drawn fires for the chosen record, or why not: every condition with its numbers, and what would tip it. */
import { CheckCircleFilled, CloseCircleFilled, QuestionCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { RuleDefinition, RuleExplanation } from '../../api/types'
import { useSettled } from '../../components/formula/use-check'
import { LevelTag } from '../../components/status'
import { pick } from '../../i18n'
import { useSample } from './sample'

const Mark = ({ value }: { value: boolean | null }) => (value === true ? <CheckCircleFilled className="mark-yes" aria-hidden="true" /> : value === false ? <CloseCircleFilled className="mark-no" aria-hidden="true" /> : <QuestionCircleFilled className="mark-unknown" aria-hidden="true" />)

export const WhyCard = ({ rule, sound }: { rule: RuleDefinition; sound: boolean }) => {
  const { t } = useTranslation()
  const sample = useSample(rule.over)
  const text = useMemo(() => JSON.stringify({ ...rule, name: rule.key, actions: undefined, tests: undefined }), [rule])
  const settled = useSettled(text, 500)
  const found = useQuery({
    queryKey: ['rule-why', settled, sample.keys],
    queryFn: () => api.post<RuleExplanation>('/rules/explain', { definition: JSON.parse(settled) as RuleDefinition, keys: sample.keys }),
    enabled: sound && sample.keys !== null && settled === text,
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 60_000,
  })
  if (!found.data) return null
  const why = found.data
  return (
    <div className="why-card" data-testid="why">
      <p className="row">{why.fires ? <LevelTag level={why.level} /> : <span className="strong">{t('不会报警')}</span>}</p>
      <ul>
        {why.conditions.map((condition, index) => (
          <li key={index}><Mark value={condition.value} /><span className="num">{pick(condition, 'sentence')}{condition.value === null && condition.reason ? <span className="faint"> {pick(condition, 'reason')}</span> : null}</span></li>
        ))}
      </ul>
      {!why.fires && why.nearest ? <p className="faint">{t('离得最近的：')}{pick(why.nearest, 'sentence')}</p> : null}
    </div>
  )
}
