/** Hours in which nobody is disturbed: from, to, and on which weekdays; they may pass midnight. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Select, TimePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import './quiet-rows.css'

export interface Quiet {
  from: string
  to: string
  weekdays?: number[]
}

const CLOCK = 'HH:mm'
const WEEKDAYS: [number, string][] = [[1, '周一'], [2, '周二'], [3, '周三'], [4, '周四'], [5, '周五'], [6, '周六'], [7, '周日']]

export const QuietRows = ({ value, onChange }: { value: Quiet[]; onChange: (value: Quiet[]) => void }) => {
  const { t } = useTranslation()
  const change = (index: number, part: Partial<Quiet>): void => onChange(value.map((row, place) => (place === index ? { ...row, ...part } : row)))
  return (
    <div className="quiet-rows">
      {value.map((row, index) => (
        <div className="row" key={index}>
          <TimePicker.RangePicker
            format={CLOCK}
            minuteStep={15}
            order={false}
            allowClear={false}
            aria-label={t('免打扰时段')}
            value={[dayjs(row.from, CLOCK), dayjs(row.to, CLOCK)]}
            onChange={(range) => { if (range?.[0] && range[1]) change(index, { from: range[0].format(CLOCK), to: range[1].format(CLOCK) }) }}
          />
          <Select mode="multiple" className="grow" maxTagCount="responsive" placeholder={t('每天')} value={row.weekdays ?? []} onChange={(weekdays: number[]) => change(index, { weekdays: weekdays.length > 0 ? weekdays : undefined })} options={WEEKDAYS.map(([day, word]) => ({ value: day, label: t(word) }))} />
          <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => onChange(value.filter((_, place) => place !== index))} />
        </div>
      ))}
      <Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...value, { from: '22:00', to: '08:00' }])}>{t('加一段免打扰')}</Button>
    </div>
  )
}
