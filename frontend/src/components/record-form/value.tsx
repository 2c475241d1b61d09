/** A value to read: pictures, stars, addresses that can be called or visited, options in their colours. */
import { Rate, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormField, Json } from '../../api/types'
import { isFiles, sayField } from '../../lib/fields'
import { Moment } from '../moment'
import { CurveValue } from '../widgets/curve'
import { FileList } from '../widgets/files'
import '../widgets/widgets.css'

const Options = ({ field, values }: { field: FormField; values: readonly string[] }) => (
  <span className="row wrap">
    {values.map((value) => {
      const option = field.options?.find((one) => typeof one === 'object' && one.value === value)
      return <Tag key={value} color={typeof option === 'object' ? option.color : undefined}>{(typeof option === 'object' && option.label) || value}</Tag>
    })}
  </span>
)

/** Formatted text from the server is clean already (nh3); here only its words are shown. */
const wordsOf = (html: string): string => new DOMParser().parseFromString(html, 'text/html').body.textContent

export const FieldValue = ({ field, value, label }: { field: FormField; value: Json | undefined; label?: string }) => {
  const { t } = useTranslation()
  if (value === null || value === undefined || value === '') return <span className="faint">—</span>
  if (field.type === 'sparkline') return <CurveValue field={field} value={value} />
  if (isFiles(value)) return <FileList files={value} />
  if ((field.type === 'date' || field.type === 'datetime') && typeof value === 'string') return <Moment at={value} day={field.type === 'date'} />
  if (field.type === 'rating' && typeof value === 'number') return <Rate disabled count={field.stars ?? 5} value={value} />
  if (field.type === 'signature' && typeof value === 'string') return <img className="signature-picture" src={value} alt={t('签名')} />
  if (field.type === 'phone' && typeof value === 'string') return <a href={`tel:${value}`} className="num">{value}</a>
  if (field.type === 'email' && typeof value === 'string') return <a href={`mailto:${value}`}>{value}</a>
  if (field.type === 'url' && typeof value === 'string') return <a href={value} target="_blank" rel="noopener noreferrer">{value}</a>
  if (field.type === 'rich_text' && typeof value === 'string') return <span className="prewrap">{wordsOf(value)}</span>
  if (field.type === 'multi_choice' && Array.isArray(value)) return <Options field={field} values={value as string[]} />
  if (field.type === 'choice' && typeof value === 'string' && field.options?.some((one) => typeof one === 'object' && one.color)) return <Options field={field} values={[value]} />
  return <span className="num prewrap">{sayField(field, value, label)}</span>
}
