/** Why it fired: the sentence, then each number with the words it stands for. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Definition, Episode, RuleDefinition, SourceValue } from '../../api/types'
import { language } from '../../i18n'
import { sayName } from '../../lib/let-names'
import { typeset } from '../../lib/typeset'
import { sayNumber } from '../../lib/numbers'

export const sayValue = (value: SourceValue['value']): string => {
  if (value === null) return '—'
  if (typeof value === 'number') return sayNumber(value)
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The formulas behind the names that a rule gave to its values. */
const useNames = (rule: string): Record<string, string> => {
  const found = useQuery({ queryKey: ['rule', rule, 'names'], queryFn: () => api.get<Definition<RuleDefinition>>(`/rules/${rule}`), staleTime: 300_000, retry: false })
  return found.data?.definition?.let ?? {}
}

export const ValueTable = ({ values, rule }: { values: SourceValue[]; rule: string }) => {
  const { t } = useTranslation()
  const names = useNames(rule)
  return (
    <table className="values">
      <thead><tr><th>{t('名称')}</th><th>{t('怎么来的')}</th><th className="right">{t('数值')}</th></tr></thead>
      <tbody>
        {values.map((item) => (
          <tr key={item.source}>
            <td>{names[item.source] ? sayName(item.source, language()) : typeset(item.label ?? item.source)}</td>
            <td className="mono faint">{names[item.source] ?? (item.label && item.label !== item.source ? item.source : '')}</td>
            <td className="right num strong">{sayValue(item.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export const Why = ({ alert, sentence }: { alert: Episode; sentence: string }) => {
  const { t } = useTranslation()
  return (
    <section className="card">
      <div className="card-head"><h2>{t('为什么报警')}</h2></div>
      <div className="card-body">
        <p className="why-sentence num">{sentence}</p>
        {alert.values.length > 0 ? <ValueTable values={alert.values} rule={alert.rule.key} /> : null}
      </div>
    </section>
  )
}
