/** What the rule as drawn matches now: how many, why, and what could not be judged. */
import { AimOutlined, LoadingOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { Problem, RuleDefinition, RulePreview } from '../../api/types'
import { useSettled } from '../../components/formula/use-check'
import { useSaying } from '../../components/moment'
import { CardSkeleton, Failed } from '../../components/states'
import { LevelTag, levelName } from '../../components/status'
import { pick } from '../../i18n'
import { sayDay } from '../../lib/dates'
import { sayNumber, saySeconds } from '../../lib/numbers'
import { useSampleChoice } from './sample'

/** What the answer depends on: a new name or action does not ask the server again. */
const essence = (rule: RuleDefinition): RuleDefinition => ({ ...rule, name: rule.key, description: undefined, actions: undefined, route: undefined, schedule: rule.schedule })

/** Problems are told by the check; a rule that has some is not evaluated. */
export const usePreview = (rule: RuleDefinition, mayCheck: boolean) => {
  const relevant = useMemo(() => JSON.stringify(essence(rule)), [rule])
  const settled = useSettled(relevant, 500)
  return useQuery({
    queryKey: ['rule-preview', settled],
    queryFn: async () => {
      const definition = JSON.parse(settled) as RuleDefinition
      if (mayCheck) {
        const { problems } = await api.post<{ problems: Problem[] }>('/rules/check', { definition })
        if (problems.length > 0) throw new ApiError(422, { problems })
      }
      return api.post<RulePreview>('/rules/preview', { definition })
    },
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 30_000,
  })
}

const Unknown = ({ unknown }: { unknown: RulePreview['unknown'] }) => {
  const { t } = useTranslation()
  if (unknown.total === 0) return null
  return (
    <details className="unknown">
      <summary><LevelTag level={null} plain /> {t('{{n}} 个无法判断', { n: sayNumber(unknown.total) })}</summary>
      <ul>{unknown.reasons.map((reason) => <li key={reason.reason}><span>{pick(reason, 'reason')}</span><span className="num faint">{sayNumber(reason.count)}</span></li>)}</ul>
    </details>
  )
}

const Samples = ({ sample }: { sample: RulePreview['sample'] }) => {
  const { t } = useTranslation()
  const choose = useSampleChoice((state) => state.choose)
  return (
    <ul className="preview-samples">
      {sample.map((row) => {
        const label = Object.keys(row.keys).map((key) => row.labels[key] ?? row.keys[key]).join(' · ')
        return (
          <li key={JSON.stringify(row.keys)}>
            <div className="row between"><span className="strong ellipsis" title={label}>{label}</span><LevelTag level={row.level} plain /></div>
            <div className="soft num">{pick(row, 'explanation')}</div>
            <button type="button" className="text-button small" onClick={() => choose(row.keys, label)}><AimOutlined aria-hidden="true" /> {t('拿它试算')}</button>
          </li>
        )
      })}
    </ul>
  )
}

export const Preview = ({ rule, mayCheck }: { rule: RuleDefinition; mayCheck: boolean }) => {
  const { t } = useTranslation()
  const saying = useSaying()
  const preview = usePreview(rule, mayCheck)
  const broken = preview.error instanceof ApiError && preview.error.problems.length > 0
  return (
    <section className="card preview" aria-live="polite">
      <div className="card-head">
        <h2>{t('现在命中')}</h2>
        <span className="faint">{preview.isFetching ? <LoadingOutlined aria-label={t('计算中')} /> : preview.data ? t('{{day}} · {{seconds}} 秒', { day: sayDay(preview.data.evaluation_day, saying), seconds: saySeconds(preview.data.seconds) }) : null}</span>
      </div>
      <div className="card-body">
        {preview.isPending ? <CardSkeleton lines={4} /> : null}
        {preview.isError && broken ? <p className="soft">{t('规则里还有问题，改好后马上就算。')}</p> : null}
        {preview.isError && !broken ? <Failed error={preview.error} retry={() => void preview.refetch()} /> : null}
        {preview.data && !preview.isError ? (
          <>
            <p className="preview-total"><strong className="num" data-testid="preview-total">{sayNumber(preview.data.total)}</strong> <span className="soft">{t('个，共检查 {{rows}} 个', { rows: sayNumber(preview.data.rows) })}</span></p>
            <div className="chips preview-levels">
              {Object.entries(preview.data.by_level).filter(([, count]) => count > 0).map(([level, count]) => <span key={level} className="row" title={t(levelName(level))}><LevelTag level={level} plain /> <span className="num">{sayNumber(count)}</span></span>)}
            </div>
            <Unknown unknown={preview.data.unknown} />
            <Samples sample={preview.data.sample.slice(0, 5)} />
          </>
        ) : null}
      </div>
    </section>
  )
}
