/** The score as a number, a ring, and a line of its months. */
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { sayNumber } from '../../lib/numbers'
import type { Governance } from './types'

const Months = lazy(() => import('./months'))

const AROUND = 2 * Math.PI * 52

const toneOf = (score: number): 'good' | 'warning' | 'critical' => (score >= 95 ? 'good' : score >= 80 ? 'warning' : 'critical')

const Ring = ({ score }: { score: number | null }) => {
  const { t } = useTranslation()
  const tone = score === null ? 'none' : toneOf(score)
  return (
    <div className={`score-ring ${tone}`}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r="52" className="score-track" />
        <circle cx="60" cy="60" r="52" className="score-arc" strokeDasharray={`${(AROUND * (score ?? 0)) / 100} ${AROUND}`} transform="rotate(-90 60 60)" />
      </svg>
      <div className="score-number">
        <strong className="num">{score === null ? '—' : sayNumber(score)}</strong>
        <span className="faint">{t('分')}</span>
      </div>
    </div>
  )
}

export const ScoreCard = ({ told }: { told: Governance }) => {
  const { t } = useTranslation()
  const rows = told.checks.reduce((sum, check) => sum + check.affected, 0)
  return (
    <section className="card score-card" aria-label={t('数据得分')}>
      <Ring score={told.score} />
      <div className="score-text">
        <h2>{t('数据得分')}</h2>
        <p className="soft">{told.score === null ? t('还没有可以打分的数据') : rows > 0 ? t('{{n}} 处要处理。分数是每项检查里没有问题的比例,按轻重加权。', { n: sayNumber(rows) }) : t('所有检查都没有发现问题。')}</p>
      </div>
      <div className="score-months"><Suspense><Months history={told.history} /></Suspense></div>
    </section>
  )
}
