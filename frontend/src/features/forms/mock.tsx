/** What a field will look like, drawn on the canvas: quiet, and nothing to type into. */
import { CalendarOutlined, CameraOutlined, ClockCircleOutlined, DownOutlined, PaperClipOutlined, ScanOutlined, StarFilled } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormField } from '../../api/types'
import { pick } from '../../i18n'
import { editorOf, optionList } from '../../lib/fields'
import { tokenise } from '../../lib/tokens'
import { useForm } from './store'

const Box = ({ children, tall = false }: { children?: ReactNode; tall?: boolean }) => <span className={`mock ${tall ? 'tall' : ''}`} aria-hidden="true">{children}</span>

/** A formula with labels in the place of keys. */
const FormulaWords = ({ source }: { source: string }) => {
  const form = useForm()
  const labels = new Map(form.fields.map((field) => [field.key, pick(field, 'label')]))
  const said = tokenise(source).map((token) => (token.kind === 'name' ? token.text.split('.').map((part, index) => (index === 0 ? (labels.get(part) ?? part) : part)).join('.') : token.text)).join('')
  return <Box><span className="ellipsis">= {said || '…'}</span></Box>
}

const sampleOf = (field: FormField): string => {
  if (field.default !== undefined && field.default !== null && typeof field.default !== 'object') return String(field.default)
  return field.placeholder ?? ''
}

const choices = (field: FormField): ReactNode => {
  const shown = optionList(field.options).slice(0, 4)
  if (field.display === 'radio' || field.display === 'tag') return <Box>{shown.map((option) => <span key={option.value} className="mock-option">{option.label}</span>)}</Box>
  return <Box><span className="grow ellipsis">{field.type === 'multi_choice' ? shown.slice(0, 2).map((option) => <span key={option.value} className="mock-option">{option.label}</span>) : sampleOf(field)}</span><DownOutlined /></Box>
}

export const MockControl = ({ field }: { field: FormField }) => {
  const { t } = useTranslation()
  switch (field.type) {
    case 'choice':
    case 'multi_choice': return <>{choices(field)}</>
    case 'long_text':
    case 'rich_text':
    case 'json': return <Box tall>{sampleOf(field)}</Box>
    case 'boolean': return <span className="mock-switch" aria-hidden="true" />
    case 'rating': return <span className="mock-stars" aria-hidden="true">{Array.from({ length: field.stars ?? 5 }, (_, index) => <StarFilled key={index} />)}</span>
    case 'image': return <span className="mock-upload" aria-hidden="true"><CameraOutlined /> {t('拍照或选图')}</span>
    case 'attachment': return <span className="mock-upload" aria-hidden="true"><PaperClipOutlined /> {t('选择文件')}</span>
    case 'signature': return <Box tall>{t('在这里签名')}</Box>
    case 'sparkline': return <svg className="mock-spark" viewBox="0 0 120 24" aria-hidden="true"><polyline points="0,18 12,14 24,17 36,9 48,12 60,6 72,13 84,8 96,15 108,5 120,10" /></svg>
    case 'formula': return <FormulaWords source={field.expression ?? ''} />
    case 'auto_number': return <Box><span className="mono">{field.pattern}</span></Box>
    case 'barcode': return <Box><span className="grow">{sampleOf(field)}</span><ScanOutlined /></Box>
    default: break
  }
  const editor = editorOf(field)
  if (editor === 'date') return <Box><span className="grow">{sampleOf(field)}</span><CalendarOutlined /></Box>
  if (editor === 'datetime') return <Box><span className="grow">{sampleOf(field)}</span><ClockCircleOutlined /></Box>
  if (editor === 'link' || editor === 'member') return <Box><span className="grow" /><DownOutlined /></Box>
  return <Box><span className="grow ellipsis">{sampleOf(field)}</span>{field.unit ? <span>{field.unit}</span> : null}</Box>
}
