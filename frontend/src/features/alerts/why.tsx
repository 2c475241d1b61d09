/** Why it fired: the sentence, then each number with the words it stands for. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Definition, Episode, RuleDefinition, SourceValue } from '../../api/types'
import { useWording, type Wording } from '../../components/formula/wording'
import { language } from '../../i18n'
import { sayName } from '../../lib/let-names'
import { typeset } from '../../lib/typeset'
import { sayValue } from '../../lib/values'

const NO_NAMES: Record<string, string> = {}

/** The formulas behind the names that a rule gave to its values. */
const useNames = (rule: string): Record<string, string> => {
  const found = useQuery({ queryKey: ['rule', rule, 'names'], queryFn: () => api.get<Definition<RuleDefinition>>(`/rules/${rule}`), staleTime: 300_000, retry: false })
  return found.data?.definition?.let ?? NO_NAMES
}

interface Row {
  name: string
  from: string
  value: SourceValue['value']
}

/** Named values with their formula first; then what they are made of; what only repeats a name is left out. */
const rowsOf = (values: SourceValue[], names: Record<string, string>, wording: Wording): Row[] => {
  const rows: Row[] = []
  for (const item of values) {
    const formula = names[item.source]
    const name = formula === undefined ? wording.label(item.source) ?? wording.say(item.label ?? item.source) : sayName(item.source, language())
    if (!rows.some((row) => row.name === name)) rows.push({ name, from: formula === undefined ? '' : wording.say(formula), value: item.value })
  }
  return rows
}

export const ValueTable = ({ values, rule, table }: { values: SourceValue[]; rule: string; table: string }) => {
  const { t } = useTranslation()
  const names = useNames(rule)
  const wording = useWording(table)
  const rows = useMemo(() => rowsOf(values, names, wording), [values, names, wording])
  return (
    <table className="values">
      <thead><tr><th>{t('名称')}</th><th>{t('怎么来的')}</th><th className="right">{t('数值')}</th></tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>{typeset(row.name)}</td>
            <td className="faint">{typeset(row.from)}</td>
            <td className="right num strong">{sayValue(row.value)}</td>
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
        {alert.values.length > 0 ? <ValueTable values={alert.values} rule={alert.rule.key} table={alert.table} /> : null}
      </div>
    </section>
  )
}
