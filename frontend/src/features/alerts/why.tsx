/** Why it fired: the sentence, then each number with the words it stands for. */
import { useTranslation } from 'react-i18next'
import type { Episode, SourceValue } from '../../api/types'
import { sayNumber } from '../../lib/numbers'

export const sayValue = (value: SourceValue['value']): string => {
  if (value === null) return '—'
  if (typeof value === 'number') return sayNumber(value)
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export const ValueTable = ({ values }: { values: SourceValue[] }) => {
  const { t } = useTranslation()
  return (
    <table className="values">
      <thead><tr><th>{t('名称')}</th><th>{t('怎么来的')}</th><th className="right">{t('数值')}</th></tr></thead>
      <tbody>
        {values.map((item) => (
          <tr key={item.source}>
            <td>{item.label ?? item.source}</td>
            <td className="mono faint">{item.label && item.label !== item.source ? item.source : ''}</td>
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
        {alert.values.length > 0 ? <ValueTable values={alert.values} /> : null}
      </div>
    </section>
  )
}
