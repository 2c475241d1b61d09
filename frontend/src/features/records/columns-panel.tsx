/** Which columns a list shows, in what order, and how many stand still at the left. */
import { ArrowDownOutlined, ArrowUpOutlined, TableOutlined } from '@ant-design/icons'
import { Button, Checkbox, InputNumber, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormField } from '../../api/types'
import { moved } from './columns'
import type { ColumnSetting } from './types'
import { fieldLabel } from './use-form'

interface Props {
  columns: readonly ColumnSetting[]
  fields: readonly FormField[]
  frozen: number
  onChange: (columns: ColumnSetting[] | undefined, frozen: number) => void
}

const Panel = ({ columns, fields, frozen, onChange }: Props) => {
  const { t } = useTranslation()
  const byKey = new Map(fields.map((field) => [field.key, field]))
  return (
    <div className="columns-panel">
      <ul>
        {columns.map((column, index) => {
          const field = byKey.get(column.key)
          if (!field) return null
          const label = fieldLabel(field)
          return (
            <li key={column.key} className="row between">
              <Checkbox checked={!column.hidden} onChange={(event) => onChange(columns.map((one) => (one.key === column.key ? { ...one, hidden: !event.target.checked } : one)), frozen)}>{label}</Checkbox>
              <span className="row">
                <Button size="small" type="text" icon={<ArrowUpOutlined />} aria-label={t('“{{label}}”前移', { label })} disabled={index === 0} onClick={() => onChange(moved(columns, column.key, -1), frozen)} />
                <Button size="small" type="text" icon={<ArrowDownOutlined />} aria-label={t('“{{label}}”后移', { label })} disabled={index === columns.length - 1} onClick={() => onChange(moved(columns, column.key, 1), frozen)} />
              </span>
            </li>
          )
        })}
      </ul>
      <div className="row between columns-foot">
        <span className="row"><span className="soft">{t('固定左边')}</span><InputNumber size="small" aria-label={t('固定左边几列')} min={0} max={5} value={frozen} onChange={(next) => onChange([...columns], next ?? 0)} style={{ width: 64 }} /><span className="soft">{t('列')}</span></span>
        <Button size="small" type="text" onClick={() => onChange(undefined, 1)}>{t('恢复默认')}</Button>
      </div>
    </div>
  )
}

export const ColumnsButton = (props: Props) => {
  const { t } = useTranslation()
  const hidden = props.columns.filter((column) => column.hidden).length
  return <Popover trigger="click" placement="bottomRight" title={t('显示哪些列')} content={<Panel {...props} />}><Button icon={<TableOutlined />}>{hidden > 0 ? t('列（隐藏 {{n}}）', { n: hidden }) : t('列')}</Button></Popover>
}
