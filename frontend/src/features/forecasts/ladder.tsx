/** The ledger of value added: what each step from last week's copy to a person's word did to the error. */
import { useTranslation } from 'react-i18next'
import { LEVEL_NAMES, sayShare, type StepScore } from './accuracy-data'
import { STEP_NAMES } from './curve'

const tone = (added: number | null): string => (added === null || Math.abs(added) < 0.0005 ? 'faint' : added > 0 ? 'good' : 'critical')

export const Ladder = ({ levels }: { levels: { level: string; rows: number; steps: StepScore[] }[] }) => {
  const { t } = useTranslation()
  const most = Math.max(...levels.flatMap((level) => level.steps.map((step) => step.wape ?? 0)), 0.01)
  const names = levels[0]?.steps.map((step) => step.step) ?? []
  return (
    <div className="ladder-scroll">
      <table className="ladder">
        <thead><tr><th scope="col">{t('层级')}</th>{names.map((name) => <th scope="col" key={name}>{t(STEP_NAMES[name] ?? name)}</th>)}<th scope="col" className="right">{t('偏差')}</th></tr></thead>
        <tbody>
          {levels.map((level) => (
            <tr key={level.level}>
              <th scope="row">{t(LEVEL_NAMES[level.level] ?? level.level)}</th>
              {level.steps.map((step) => (
                <td key={step.step}>
                  <span className="ladder-bar" style={{ width: `${(100 * (step.wape ?? 0)) / most}%` }} aria-hidden="true" />
                  <span className="num">{sayShare(step.wape)}</span> <span className={`num ladder-added ${tone(step.added)}`}>{step.added === null || Math.abs(step.added) < 0.0005 ? '' : `${step.added > 0 ? '↓' : '↑'} ${sayShare(Math.abs(step.added))}`}</span>
                </td>
              ))}
              <td className="num right">{sayShare(level.steps.at(-1)?.bias, true)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
