/** When to alert: one card a level, as sentence, conditions or formula. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Segmented, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Json, Level } from '../../../api/types'
import { ConditionBuilder } from '../../../components/conditions'
import { CheckProblems, ExpressionWords, LiveValue } from '../../../components/formula/field'
import { useCheck, useFields, useWords } from '../../../components/formula/use-check'
import { CardSkeleton, Failed } from '../../../components/states'
import { levelName } from '../../../components/status'
import { FormulaField } from '../formula-field'
import { fill, recognise } from '../lib/templates'
import { useSample } from '../sample'
import { BuilderSection } from '../section'
import { ExpressionSentence, TemplateSentence } from '../sentence'
import { useBuilder, useRule } from '../store'

type Mode = 'sentence' | 'conditions' | 'formula'

const LEVELS = ['critical', 'warning', 'info']

/** While somebody draws, half a formula is no reason to take the drawing away: only a text from elsewhere is read anew. */
const Conditions = ({ source, onChange }: { source: string; onChange: (source: string) => void }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const fields = useFields(rule.over)
  const names = useMemo(() => rule.let ?? {}, [rule.let])
  const words = useWords(rule.over, names)
  const check = useCheck({ source, over: rule.over, names, result: 'boolean' })
  const [drawn, setDrawn] = useState<{ source: string; groups: Json } | null>(null)
  const fresh = check.data && !check.isPlaceholderData ? check.data : undefined
  const draw = (next: string): void => {
    if (drawn) setDrawn({ ...drawn, source: next })
    onChange(next)
  }
  if (fresh?.groups && fresh.problems.length === 0 && drawn?.source !== source) setDrawn({ source, groups: fresh.groups })
  if (fields.data && drawn?.source === source) return <ConditionBuilder source={source} groups={drawn.groups} fields={fields.data} names={names} words={words} onChange={draw} />
  if (check.isError) return <Failed error={check.error} retry={() => void check.refetch()} />
  if (!fresh || !fields.data) return <CardSkeleton lines={2} />
  if (fresh.problems.length > 0) return <Alert type="warning" showIcon title={t('公式里还有问题，先在“公式”里改好，再用条件来编辑。')} />
  return <Alert type="info" showIcon title={t('这个条件写得比较复杂，画不成一行行的条件。请用“公式”修改。')} />
}

const Foot = ({ source, words }: { source: string; words: boolean }) => {
  const rule = useRule()
  const sample = useSample(rule.over)
  const check = useCheck({ source, over: rule.over, names: rule.let, result: 'boolean' })
  const sound = check.data !== undefined && !check.isPlaceholderData && check.data.problems.length === 0
  return (
    <div className="formula-foot">
      {sound && words ? <ExpressionWords source={source} over={rule.over} /> : <CheckProblems check={check.data} source={source} />}
      {sound ? <LiveValue source={source} over={rule.over} names={rule.let} sample={sample} /> : null}
    </div>
  )
}

const SentenceMode = ({ level, onChange }: { level: Level; onChange: (when: string) => void }) => {
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const found = useMemo(() => recognise(rule), [rule])
  if (found && rule.levels.length === 1) {
    const { template, values } = found
    return (
      <TemplateSentence
        template={template}
        values={values}
        onChange={(next) => {
          const parts = fill(template, next)
          change({ ...parts, levels: parts.levels.map((part, index) => ({ ...part, level: rule.levels[index]?.level ?? part.level })) })
        }}
      />
    )
  }
  return <ExpressionSentence source={level.when} over={rule.over} onChange={onChange} />
}

interface CardProps {
  level: Level
  index: number
  only: boolean
  onChange: (level: Level) => void
  onRemove: () => void
  readOnly: boolean
}

const LevelCard = ({ level, index, only, onChange, onRemove, readOnly }: CardProps) => {
  const { t } = useTranslation()
  const rule = useRule()
  const [mode, setMode] = useState<Mode>('sentence')
  const names = [...new Set([...LEVELS, level.level])]
  const setWhen = (when: string): void => onChange({ ...level, when })
  return (
    <div className="level-card" id={`level-${index}`}>
      <div className="level-head">
        <Select aria-label={t('级别')} className={`level-select ${level.level}`} value={level.level} onChange={(next: string) => onChange({ ...level, level: next })} options={names.map((name) => ({ value: name, label: t(levelName(name)) }))} />
        <span className="grow" />
        <Segmented<Mode> size="small" disabled={false} value={mode} onChange={setMode} options={[{ value: 'sentence', label: t('句子') }, { value: 'conditions', label: t('条件') }, { value: 'formula', label: t('公式') }]} />
        {only ? null : <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除这一级')} onClick={onRemove} />}
      </div>
      {mode === 'sentence' ? <><SentenceMode level={level} onChange={setWhen} /><Foot source={level.when} words={false} /></> : null}
      {mode === 'conditions' ? <><Conditions source={level.when} onChange={setWhen} /><Foot source={level.when} words /></> : null}
      {mode === 'formula' ? <FormulaField source={level.when} onChange={setWhen} over={rule.over} names={rule.let} result="boolean" label={t('{{level}}的条件', { level: t(levelName(level.level)) })} readOnly={readOnly} /> : null}
    </div>
  )
}

export const LevelsSection = ({ readOnly }: { readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const set = (index: number, level: Level): void => change({ levels: rule.levels.map((item, at) => (at === index ? level : item)) })
  const add = (): void => {
    const used = new Set(rule.levels.map((item) => item.level))
    const level = LEVELS.find((name) => !used.has(name)) ?? 'warning'
    change({ levels: [...rule.levels, { level, when: rule.levels.at(-1)?.when ?? 'on_hand < 20' }] })
  }
  return (
    <BuilderSection name="levels" title={t('什么情况下报警')} extra={readOnly ? null : <Button type="text" icon={<PlusOutlined />} onClick={add}>{t('加一级')}</Button>}>
      <div className="stack">
        {rule.levels.map((level, index) => (
          <LevelCard key={index} level={level} index={index} only={rule.levels.length === 1} readOnly={readOnly} onChange={(next) => set(index, next)} onRemove={() => change({ levels: rule.levels.filter((_, at) => at !== index) })} />
        ))}
      </div>
    </BuilderSection>
  )
}
