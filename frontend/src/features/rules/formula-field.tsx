/** A formula with everything around it: problems in words, what it says, its value on the sample record. */
import { useTranslation } from 'react-i18next'
import type { ExpressionCheck } from '../../api/types'
import { FormulaEditor } from '../../components/formula/editor'
import { squigglesOf, useCheck, useValue, useWords } from '../../components/formula/use-check'
import { ProblemList } from '../../components/problems'
import { pick } from '../../i18n'
import { sayValue } from '../alerts/why'
import { useMemo } from 'react'
import { useSample } from './sample'
import { ExpressionWords } from './sentence'

interface Props {
  source: string
  onChange: (source: string) => void
  over: string
  names?: Record<string, string>
  result?: 'boolean'
  label: string
  placeholder?: string
  readOnly?: boolean
}

export const LiveValue = ({ source, over, names }: Pick<Props, 'source' | 'over' | 'names'>) => {
  const { t } = useTranslation()
  const sample = useSample(over)
  const value = useValue({ source, over, names, keys: sample.keys })
  if (!value.data) return null
  const shown = value.data.value === true ? t('成立') : value.data.value === false ? t('不成立') : value.data.value === null ? t('算不出来') : sayValue(value.data.value)
  return (
    <span className="live-value num" title={pick(value.data, 'sentence')}>
      <span className="faint ellipsis">{t('以 {{sample}} 为例', { sample: sample.label })}</span> <strong>{shown}</strong>
    </span>
  )
}

export const CheckProblems = ({ check }: { check: ExpressionCheck | undefined }) =>
  check && check.problems.length > 0 ? <div className="check-problems"><ProblemList problems={check.problems} /></div> : null

export const FormulaField = ({ source, onChange, over, names, result, label, placeholder, readOnly }: Props) => {
  const words = useWords(over, names)
  const check = useCheck({ source, over, names, result })
  const sound = check.data !== undefined && !check.isPlaceholderData && check.data.problems.length === 0
  const squiggles = useMemo(() => squigglesOf(check.data, source.length), [check.data, source.length])
  return (
    <div className="formula-field">
      <FormulaEditor value={source} onChange={onChange} words={words} squiggles={squiggles} label={label} placeholder={placeholder} readOnly={readOnly} />
      <div className="formula-foot">
        {sound ? <ExpressionWords source={source} over={over} /> : <CheckProblems check={source.trim() ? check.data : undefined} />}
        {sound ? <LiveValue source={source} over={over} names={names} /> : null}
      </div>
    </div>
  )
}
