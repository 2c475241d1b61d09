/** A condition as a sentence with blanks: labels for names, words for signs, boxes for numbers. */
import { InputNumber } from 'antd'
import { useWording } from '../../components/formula/wording'
import { pick } from '../../i18n'
import { replaceNumber, tokenise, type TokenKind } from '../../lib/tokens'
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

const TONES: Partial<Record<TokenKind, string>> = { name: 'sentence-name', text: 'sentence-name', function: 'sentence-function' }

export const ExpressionSentence = ({ source, over, onChange }: { source: string; over: string; onChange: (source: string) => void }) => {
  const wording = useWording(over)
  return (
    <p className="sentence">
      {tokenise(source).map((token) => {
        if (token.kind === 'space') return ' '
        if (token.kind !== 'number') return <span key={token.start} className={TONES[token.kind] ?? 'sentence-sign'}>{wording.token(token)}</span>
        const value = Number(token.text)
        return <InputNumber key={token.start} aria-label={source} value={value} style={{ width: widthOf(value) }} step={Number.isInteger(value) ? 1 : 0.1} onChange={(next) => { if (next !== null && Number(next) !== value) onChange(replaceNumber(source, token, Number(next))) }} />
      })}
    </p>
  )
}
