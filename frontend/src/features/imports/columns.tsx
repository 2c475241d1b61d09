/** Each column of the file with samples, and the field it goes into. */
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormDefinition, ImportAnalysis } from '../../api/types'
import { fieldLabel } from '../records/use-form'
import type { Columns } from './mapping'

const IMPORTABLE = (type: string): boolean => !['formula', 'sparkline', 'sub_form', 'signature'].includes(type)

interface Props {
  analysis: ImportAnalysis
  form: FormDefinition
  columns: Columns
  onChange: (columns: Columns) => void
}

export const ColumnTable = ({ analysis, form, columns, onChange }: Props) => {
  const { t } = useTranslation()
  const taken = new Set(Object.values(columns))
  const set = (column: string, field: string | undefined): void => {
    const rest = Object.fromEntries(Object.entries(columns).filter(([name, key]) => name !== column && key !== field))
    onChange(field ? { ...rest, [column]: field } : rest)
  }
  const options = form.fields.filter((field) => IMPORTABLE(field.type)).map((field) => ({ value: field.key, label: fieldLabel(field) }))
  return (
    <div className="mapping">
      <div className="mapping-head"><span>{t('文件里的列')}</span><span>{t('样例')}</span><span>{t('放进字段')}</span></div>
      {analysis.columns.map((column) => (
        <div className={`mapping-row ${columns[column.name] ? '' : 'unused'}`} key={column.name}>
          <span className="strong ellipsis" title={column.name}>{column.name}</span>
          <span className="faint ellipsis num" title={column.samples.join(' / ')}>{column.samples.slice(0, 3).join(' / ') || '—'}</span>
          <Select allowClear showSearch={{ optionFilterProp: 'label' }} aria-label={t('“{{column}}”放进哪个字段', { column: column.name })} placeholder={t('不导入')} value={columns[column.name]} onChange={(next: string | undefined) => set(column.name, next)} options={options.map((option) => ({ ...option, disabled: taken.has(option.value) && columns[column.name] !== option.value }))} style={{ width: '100%' }} />
        </div>
      ))}
    </div>
  )
}
