/** Keep it from crying wolf: how often in a row, when it counts as over, what missing data means. */
import { InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { FormulaField } from '../formula-field'
import { minutesOf, sayMinutes } from '../lib/schedule'
import { BuilderSection } from '../section'
import { useBuilder, useRule } from '../store'
import { language } from '../../../i18n'

const REPEATS = ['PT4H', 'P1D', 'P3D', 'P7D']

export const SteadySection = ({ readOnly }: { readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const runs = typeof rule.for === 'number' ? rule.for : rule.for === undefined ? 1 : null
  const repeats = [...new Set([...REPEATS, ...(rule.repeat_every ? [rule.repeat_every] : [])])]
  const sayRepeat = (duration: string): string => {
    const minutes = minutesOf(duration)
    return minutes === null ? duration : t('每 {{span}}再提醒', { span: sayMinutes(minutes, language()) })
  }
  return (
    <BuilderSection name="steady" title={t('别误报')}>
      <div className="steady">
        <label className="steady-line">
          <span>{t('连续')}</span>
          {runs === null ? <strong className="mono">{rule.for}</strong> : <InputNumber aria-label={t('连续几次')} min={1} max={30} value={runs || 1} style={{ width: 80 }} onChange={(next) => change({ for: next ?? 1 })} />}
          <span>{t('次检查都满足，才报警')}</span>
        </label>
        <div className="steady-block">
          <div className="steady-line">
            <span>{t('恢复的条件')}</span>
            <Select aria-label={t('恢复的条件')} value={rule.resolve_when === undefined ? 'auto' : 'own'} style={{ width: 240 }} onChange={(next: string) => change({ resolve_when: next === 'auto' ? undefined : (rule.resolve_when ?? rule.levels[0]?.when.replace('<', '>') ?? 'on_hand > 0') })} options={[{ value: 'auto', label: t('条件不再满足就算恢复') }, { value: 'own', label: t('达到下面的条件才算恢复') }]} />
          </div>
          {rule.resolve_when === undefined ? null : <FormulaField source={rule.resolve_when} over={rule.over} names={rule.let} result="boolean" label={t('恢复的条件')} readOnly={readOnly} onChange={(resolve_when) => change({ resolve_when })} />}
        </div>
        <div className="steady-line">
          <span>{t('还没处理时')}</span>
          <Select aria-label={t('重复提醒')} value={rule.repeat_every ?? 'never'} style={{ width: 180 }} onChange={(next: string) => change({ repeat_every: next === 'never' ? undefined : next })} options={[{ value: 'never', label: t('不重复提醒') }, ...repeats.map((duration) => ({ value: duration, label: sayRepeat(duration) }))]} />
        </div>
        <div className="steady-line">
          <span>{t('数据缺失、无法判断时')}</span>
          <Select aria-label={t('无法判断时')} value={rule.on_unknown ?? 'warn'} style={{ width: 180 }} onChange={(next: 'ignore' | 'warn' | 'fire') => change({ on_unknown: next })} options={[{ value: 'warn', label: t('列出来提示我') }, { value: 'ignore', label: t('忽略') }, { value: 'fire', label: t('也报警') }]} />
        </div>
        <div className="steady-line">
          <span>{t('记录不见了（例如商品下架）')}</span>
          <Select aria-label={t('记录不见了')} value={rule.no_data ?? 'keep'} style={{ width: 180 }} onChange={(next: 'keep' | 'resolve' | 'fire') => change({ no_data: next })} options={[{ value: 'keep', label: t('保持原来的状态') }, { value: 'resolve', label: t('当作恢复') }, { value: 'fire', label: t('报警') }]} />
        </div>
      </div>
    </BuilderSection>
  )
}
