/** Promotions: while a calendar is on, more levels or other ones. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { DefinitionItem, DuringPhase, Page } from '../../../api/types'
import { levelName } from '../../../components/status'
import { FormulaField } from '../formula-field'
import { BuilderSection } from '../section'
import { ExpressionSentence } from '../sentence'
import { useBuilder, useRule } from '../store'

const useCalendars = () => useQuery({ queryKey: ['calendars'], queryFn: () => api.get<Page<DefinitionItem>>('/calendars'), staleTime: 60_000 })

const Phase = ({ phase, index, readOnly, onChange, onRemove }: { phase: DuringPhase; index: number; readOnly: boolean; onChange: (phase: DuringPhase) => void; onRemove: () => void }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const calendars = useCalendars()
  const names = { ...rule.let, ...phase.let }
  const levels = phase.levels ?? []
  const known = calendars.data?.items.map((item) => ({ value: item.key, label: item.name })) ?? []
  if (!known.some((option) => option.value === phase.calendar)) known.unshift({ value: phase.calendar, label: phase.calendar })
  return (
    <div className="level-card" id={`during-${index}`}>
      <div className="level-head">
        <Select aria-label={t('哪个日历')} value={phase.calendar} style={{ minWidth: 150 }} options={known} onChange={(calendar: string) => onChange({ ...phase, calendar })} />
        <Select aria-label={t('和平时的关系')} value={phase.replace ? 'replace' : 'add'} style={{ minWidth: 180 }} onChange={(next: string) => onChange({ ...phase, replace: next === 'replace' ? true : undefined })} options={[{ value: 'add', label: t('在平时的条件之外，再加') }, { value: 'replace', label: t('不用平时的条件，改用') }]} />
        <span className="grow" />
        {readOnly ? null : <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除这一段')} onClick={onRemove} />}
      </div>
      {levels.map((level, at) => {
        const set = (patch: Partial<typeof level>): void => onChange({ ...phase, levels: levels.map((item, place) => (place === at ? { ...item, ...patch } : item)) })
        return (
          <div className="during-level" key={at}>
            <Select aria-label={t('级别')} value={level.level} className={`level-select ${level.level}`} onChange={(next: string) => set({ level: next })} options={[...new Set(['critical', 'warning', 'info', level.level])].map((name) => ({ value: name, label: t(levelName(name)) }))} />
            <div className="grow">
              <ExpressionSentence source={level.when} over={rule.over} onChange={(when) => set({ when })} />
              <details><summary className="faint">{t('改公式')}</summary><FormulaField source={level.when} over={rule.over} names={names} result="boolean" label={t('大促期间的条件')} readOnly={readOnly} onChange={(when) => set({ when })} /></details>
            </div>
          </div>
        )
      })}
    </div>
  )
}

export const DuringSection = ({ readOnly }: { readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const calendars = useCalendars()
  const phases = rule.during ?? []
  const write = (next: DuringPhase[]): void => change({ during: next.length > 0 ? next : undefined })
  const add = (): void => {
    const base = rule.levels.at(-1)
    write([...phases, { calendar: calendars.data?.items[0]?.key ?? 'promotion', levels: [{ level: 'critical', when: base?.when ?? 'on_hand < 50' }] }])
  }
  return (
    <BuilderSection name="during" title={t('大促期间')} text={t('大促时卖得快，可以另设一条线')} extra={readOnly ? null : <Button type="text" icon={<PlusOutlined />} onClick={add}>{t('加一段')}</Button>}>
      {phases.length === 0 ? <p className="faint">{t('大促期间和平时一样。')}</p> : null}
      <div className="stack">
        {phases.map((phase, index) => <Phase key={index} phase={phase} index={index} readOnly={readOnly} onChange={(next) => write(phases.map((item, at) => (at === index ? next : item)))} onRemove={() => write(phases.filter((_, at) => at !== index))} />)}
      </div>
    </BuilderSection>
  )
}
