/** Rows inside a record: a small table with a line to add. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormField, Json, Values } from '../../api/types'
import { FieldInput } from '../../components/field-input'
import { isNumeric, sayField } from '../../lib/fields'
import { fieldLabel } from './use-form'

interface Props {
  field: FormField
  value?: Json
  onChange?: (value: Json) => void
  readOnly?: boolean
}

const rowsOf = (value: Json | undefined): Values[] => (Array.isArray(value) ? (value as Json[] as Values[]) : [])

export const SubRows = ({ field, value, onChange, readOnly = false }: Props) => {
  const { t } = useTranslation()
  const rows = rowsOf(value)
  const columns = field.fields ?? []
  const set = (index: number, key: string, next: Json): void => onChange?.(rows.map((row, at) => (at === index ? { ...row, [key]: next } : row)))
  return (
    <div className="sub-rows">
      <table>
        <thead><tr>{columns.map((column) => <th key={column.key} className={isNumeric(column) ? 'right' : ''}>{fieldLabel(column)}</th>)}{readOnly ? null : <th aria-label={t('操作')} />}</tr></thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column) => <td key={column.key} className={isNumeric(column) ? 'right num' : ''}>{readOnly ? sayField(column, row[column.key]) : <FieldInput field={column} value={row[column.key]} onChange={(next) => set(index, column.key, next)} />}</td>)}
              {readOnly ? null : <td className="sub-remove"><Button type="text" icon={<DeleteOutlined />} aria-label={t('删除这一行')} onClick={() => onChange?.(rows.filter((_, at) => at !== index))} /></td>}
            </tr>
          ))}
        </tbody>
      </table>
      {readOnly ? (rows.length === 0 ? <p className="faint">—</p> : null) : <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange?.([...rows, {}])}>{t('加一行')}</Button>}
    </div>
  )
}
