/** The plan at a glance: what to move, buy and clear, the money against the budget, and what the policy really keeps. */
import { ExperimentOutlined, ShoppingCartOutlined, SwapOutlined, TagOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { pick } from '../../i18n'
import { sayMoney, sayNumber } from '../../lib/numbers'
import type { CurrentPlan, Kind, PlanTotal } from './types'

const KINDS: { kind: Kind; label: string; hint: string; icon: ReactNode }[] = [
  { kind: 'transfer', label: '先调拨', hint: '别的仓有富余，不花现金', icon: <SwapOutlined /> },
  { kind: 'buy', label: '再采购', hint: '调不到的才买', icon: <ShoppingCartOutlined /> },
  { kind: 'clear', label: '该清理', hint: '够卖半年以上的', icon: <TagOutlined /> },
]

const BudgetBar = ({ needed, budget, planned }: { needed: number; budget: number | null; planned: number }) => {
  const { t } = useTranslation()
  const most = Math.max(needed, budget ?? 0, planned, 1)
  const share = (value: number): string => `${Math.min((100 * value) / most, 100)}%`
  return (
    <div className="budget" role="img" aria-label={t('计划用款 {{planned}}，预算 {{budget}}', { planned: sayMoney(planned), budget: budget === null ? t('不限') : sayMoney(budget) })}>
      <div className="row between num"><span className="soft">{t('计划用款')}</span><strong>{sayMoney(planned)}</strong></div>
      <div className="budget-bar"><i className="wanted" style={{ width: share(needed) }} /><i className="planned" style={{ width: share(planned) }} />{budget === null ? null : <b style={{ left: share(budget) }} />}</div>
      <div className="row between num faint"><span>{t('策略想要 {{money}}', { money: sayMoney(needed) })}</span><span>{budget === null ? t('预算不限') : t('预算 {{money}}', { money: sayMoney(budget) })}</span></div>
    </div>
  )
}

const Promise = ({ current, onTry }: { current: CurrentPlan; onTry: () => void }) => {
  const { t } = useTranslation()
  const trial = current.trial
  const nominal = current.plan?.settings.document.service_level ?? 0.95
  return (
    <button type="button" className="promise" onClick={onTry}>
      <span className="soft row"><ExperimentOutlined aria-hidden="true" /> {t('服务水平')}</span>
      <span className="row num promise-pair">
        <span><small>{t('标称')}</small><strong>{sayNumber(nominal * 100, 1)}%</strong></span>
        <span><small>{t('实测')}</small><strong className={trial && trial.coverage < trial.nominal - 0.03 ? 'warn' : ''}>{trial ? `${sayNumber(trial.coverage * 100, 1)}%` : '—'}</strong></span>
      </span>
      <span className="faint">{trial ? t('近 {{weeks}} 周、{{skus}} 个商品上的覆盖率', { weeks: trial.weeks, skus: trial.skus }) : t('用自己的历史试算')}</span>
    </button>
  )
}

export const PlanSummary = ({ current, kind, onKind, onTry }: { current: CurrentPlan; kind: Kind | ''; onKind: (kind: Kind | '') => void; onTry: () => void }) => {
  const { t } = useTranslation()
  const plan = current.plan
  if (!plan) return null
  const of = (name: Kind): PlanTotal | undefined => current.kinds?.find((row) => row.kind === name)
  return (
    <div className="plan-summary">
      {KINDS.map((one) => {
        const total = of(one.kind)
        return (
          <button type="button" key={one.kind} className={`plan-kind ${one.kind} ${kind === one.kind ? 'chosen' : ''}`} aria-pressed={kind === one.kind} onClick={() => onKind(kind === one.kind ? '' : one.kind)}>
            <span className="soft row">{one.icon} {t(one.label)}</span>
            <strong className="num">{sayNumber(total?.open ?? 0)} <small>{t('条待定')}</small></strong>
            <span className="faint num">{sayNumber(total?.units ?? 0)} {t('件')} · {sayMoney(total?.money ?? 0)}</span>
            <span className="faint">{t(one.hint)}</span>
          </button>
        )
      })}
      <div className="plan-money">
        <BudgetBar needed={plan.summary.needed} budget={plan.summary.budget} planned={of('buy')?.money ?? 0} />
        {plan.summary.buying_note ? <span className="faint">{pick(plan.summary, 'buying_note')} · {t('离最优 ≤ {{gap}}%', { gap: sayNumber((plan.summary.buying_gap ?? 0) * 100, 2) })}</span> : null}
      </div>
      <Promise current={current} onTry={onTry} />
    </div>
  )
}
