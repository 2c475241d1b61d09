/** A condition as a sentence with blanks: labels for names, words for signs, boxes for numbers. */
import { InputNumber } from 'antd'
import { useMemo } from 'react'
import type { ExpressionField, FunctionDoc } from '../../api/types'
import { useCatalog, useFields } from '../../components/formula/use-check'
import { language, pick } from '../../i18n'
import { sayName } from '../../lib/let-names'
import { bareName, replaceNumber, sayOperator, type Token, tokenise } from '../../lib/tokens'
import { type BlankValues, pieces, type Template } from './lib/templates'

const widthOf = (value: number): number => Math.max(72, String(value).length * 10 + 48)

export const TemplateSentence = ({ template, values, onChange }: { template: Template; values: BlankValues; onChange: (values: BlankValues) => void }) => (
  <p className="sentence">
    {pieces(pick(template, 'text')).map((piece, index) => {
      const blank = piece.blank ? template.blanks[piece.text] : undefined
      if (!blank) return <span key={index}>{piece.text}</span>
      const value = values[piece.text] ?? blank.value
      return (
        <span key={index} className="blank">
          <InputNumber aria-label={`${piece.text} ${pick(blank, 'unit')}`} value={value} min={blank.min} max={blank.max} step={blank.step ?? 1} style={{ width: widthOf(value) }} onChange={(next) => { if (next !== null) onChange({ ...values, [piece.text]: next }) }} />
          <span>{pick(blank, 'unit')}</span>
        </span>
      )
    })}
  </p>
)

interface Props {
  source: string
  fields: readonly ExpressionField[]
  functions: readonly FunctionDoc[]
  onChange: (source: string) => void
}

/** The label of a link path without the form it leads through and without its unit: 提前期. */
const shortLabel = (label: string): string => (label.split('.').at(-1) ?? label).replace(/[(（][^()（）]*[)）]$/, '')

const useVocabulary = (fields: readonly ExpressionField[], functions: readonly FunctionDoc[]): [ReadonlyMap<string, string>, ReadonlyMap<string, string>] => {
  const spoken = language()
  const labels = useMemo(() => new Map(fields.map((field) => [field.path, shortLabel((spoken === 'en' && field.label_en) || field.label)])), [fields, spoken])
  const aliases = useMemo(() => new Map(functions.map((doc) => [doc.name.toLowerCase(), spoken === 'en' ? doc.name.toLowerCase().replaceAll('_', ' ') : doc.alias || doc.name])), [functions, spoken])
  return [labels, aliases]
}

/** The whole condition in words, nothing to fill in. */
export const ExpressionWords = ({ source, over }: { source: string; over: string }) => {
  const fields = useFields(over)
  const catalog = useCatalog()
  const [labels, aliases] = useVocabulary(fields.data ?? NO_FIELDS, catalog.data?.functions ?? NO_FUNCTIONS)
  return <p className="check-words">{tokenise(source).map((token) => (token.kind === 'space' ? ' ' : token.kind === 'number' ? token.text : say(token, labels, aliases))).join('')}</p>
}

const NO_FIELDS: readonly ExpressionField[] = []
const NO_FUNCTIONS: readonly FunctionDoc[] = []

const SPOKEN_COMMA = new Set([','])

/** Words for every token; `labels` and `aliases` are keyed by what stands in the source. */
const say = (token: Token, labels: ReadonlyMap<string, string>, aliases: ReadonlyMap<string, string>): string => {
  if (token.kind === 'name') return labels.get(token.text) ?? sayName(bareName(token.text), language())
  if (token.kind === 'function') return aliases.get(token.text.toLowerCase()) ?? token.text
  if (token.kind === 'text') return `“${token.text.slice(1, -1)}”`
  return sayOperator(token.text, language())
}

export const ExpressionSentence = ({ source, fields, functions, onChange }: Props) => {
  const [labels, aliases] = useVocabulary(fields, functions)
  return (
    <p className="sentence">
      {tokenise(source).map((token) => {
        if (token.kind === 'space') return ' '
        if (token.kind === 'number') {
          const value = Number(token.text)
          return <InputNumber key={token.start} aria-label={source} value={value} style={{ width: widthOf(value) }} step={Number.isInteger(value) ? 1 : 0.1} onChange={(next) => { if (next !== null && Number(next) !== value) onChange(replaceNumber(source, token, Number(next))) }} />
        }
        const tone = token.kind === 'name' ? 'sentence-name' : token.kind === 'function' ? 'sentence-function' : token.kind === 'text' ? 'sentence-name' : 'sentence-sign'
        return <span key={token.start} className={SPOKEN_COMMA.has(token.text) ? 'sentence-sign' : tone}>{say(token, labels, aliases)}</span>
      })}
    </p>
  )
}
