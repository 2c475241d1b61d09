/** A formula with everything around it: problems in words with what mends them, what it says, its value on a sample record. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExpressionCheck } from '../../api/types'
import { pick } from '../../i18n'
import { sayValue } from '../../lib/values'
import { ProblemList } from '../problems'
import { FormulaEditor } from './editor'
import { mended, squigglesOf, useCheck, useValue, useWords } from './use-check'
import { useWording } from './wording'

/** The record on which values are shown: its natural keys, and what people call it. */
export interface SampleRecord {
  keys: Record<string, string> | null
  label: string
}

interface Props {
  source: string
  onChange: (source: string) => void
  over: string
  names?: Record<string, string>
  result?: string
  label: string
  placeholder?: string
  readOnly?: boolean
  sample?: SampleRecord
}

export const LiveValue = ({ source, over, names, sample }: Pick<Props, 'source' | 'over' | 'names'> & { sample: SampleRecord }) => {
  const { t } = useTranslation()
  const value = useValue({ source, over, names, keys: sample.keys })
  if (!value.data) return null
  const shown = value.data.value === true ? t('成立') : value.data.value === false ? t('不成立') : value.data.value === null ? t('算不出来') : sayValue(value.data.value)
  const reason = value.data.value === null ? pick(value.data, 'reason') : ''
  return (
    <span className="live-value num" title={pick(value.data, 'sentence')}>
      <span className="faint ellipsis">{t('以 {{sample}} 为例', { sample: sample.label })}</span> <strong>{shown}</strong>{reason ? <span className="faint">{reason}</span> : null}
    </span>
  )
}

interface ProblemsProps {
  check: ExpressionCheck | undefined
  source: string
  onChange?: (source: string) => void
}

export const CheckProblems = ({ check, source, onChange }: ProblemsProps) =>
  check && check.problems.length > 0 ? <div className="check-problems"><ProblemList problems={check.problems} onFix={onChange ? (problem) => onChange(mended(source, problem)) : undefined} /></div> : null

/** The whole formula in words, nothing to fill in. */
export const ExpressionWords = ({ source, over }: { source: string; over: string }) => <p className="check-words">{useWording(over).say(source)}</p>

export const FormulaField = ({ source, onChange, over, names, result, label, placeholder, readOnly, sample }: Props) => {
  const words = useWords(over, names)
  const check = useCheck({ source, over, names, result })
  const fresh = check.data !== undefined && !check.isPlaceholderData
  const sound = fresh && check.data.problems.length === 0
  const squiggles = useMemo(() => squigglesOf(check.data, source.length), [check.data, source.length])
  return (
    <div className="formula-field">
      <FormulaEditor value={source} onChange={onChange} words={words} squiggles={squiggles} label={label} placeholder={placeholder} readOnly={readOnly} />
      <div className="formula-foot">
        {sound ? <ExpressionWords source={check.data.stored} over={over} /> : <CheckProblems check={source.trim() ? check.data : undefined} source={source} onChange={fresh && !readOnly ? onChange : undefined} />}
        {sound && sample ? <LiveValue source={source} over={over} names={names} sample={sample} /> : null}
      </div>
    </div>
  )
}
