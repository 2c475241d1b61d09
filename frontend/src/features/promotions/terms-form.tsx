/** What all scenarios share: which items, which phases, and what a unit too many or too few costs. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Input, InputNumber, Select, Slider } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { nextYear, percent, type Terms } from './data'

interface Props {
  terms: Terms
  onChange: (terms: Terms) => void
}

const Phases = ({ terms, onChange }: Props) => {
  const { t } = useTranslation()
  const set = (index: number, part: Partial<Terms['phases'][number]>): void => onChange({ ...terms, phases: terms.phases.map((phase, place) => (place === index ? { ...phase, ...part } : phase)) })
  const last = terms.phases.at(-1)
  const add = (): void => {
    const day = last ? dayjs(last.to).add(1, 'day').format('YYYY-MM-DD') : nextYear(dayjs().format('YYYY-MM-DD'), 0)
    onChange({ ...terms, phases: [...terms.phases, { name: t('返场'), from: day, to: day, multiplier: 1.2 }] })
  }
  return (
    <div className="phases">
      {terms.phases.map((phase, index) => (
        <div key={index} className="phase-row">
          <Input aria-label={t('第 {{n}} 个阶段的名称', { n: index + 1 })} value={phase.name} onChange={(event) => set(index, { name: event.target.value })} />
          <InputNumber aria-label={t('{{name}}的倍数', { name: phase.name })} prefix="×" min={0.1} max={100} step={0.1} value={phase.multiplier} onChange={(value) => value && set(index, { multiplier: value })} />
          <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除{{name}}', { name: phase.name })} disabled={terms.phases.length === 1} onClick={() => onChange({ ...terms, phases: terms.phases.filter((_, place) => place !== index) })} />
          <DatePicker.RangePicker aria-label={t('{{name}}的日期', { name: phase.name })} allowClear={false} size="small" value={[dayjs(phase.from), dayjs(phase.to)]} onChange={(days) => days?.[0] && days[1] && set(index, { from: days[0].format('YYYY-MM-DD'), to: days[1].format('YYYY-MM-DD') })} />
        </div>
      ))}
      <Button type="dashed" block icon={<PlusOutlined />} onClick={add}>{t('加一个阶段')}</Button>
    </div>
  )
}

export const TermsForm = ({ terms, onChange }: Props) => {
  const { t } = useTranslation()
  const categories = useQuery({ queryKey: ['forecast', 'parts', 'category'], queryFn: () => api.get<{ items: { code: string; name: string }[] }>('/forecast-parts', { level: 'category' }), retry: false })
  return (
    <aside className="card simulator-terms">
      <div className="card-body stack">
        <label className="field"><span>{t('哪些商品')}</span>
          <Select mode="multiple" allowClear aria-label={t('哪些类目')} placeholder={t('全部商品')} value={terms.where.category ?? []} onChange={(values: string[]) => onChange({ ...terms, where: values.length > 0 ? { category: values } : {} })} options={(categories.data?.items ?? []).map((one) => ({ value: one.code, label: one.name || t('未分类') }))} style={{ width: '100%' }} />
        </label>
        <div className="field"><span>{t('阶段与倍数')}</span><Phases terms={terms} onChange={onChange} /></div>
        <div className="field"><span>{t('剩下的还值成本的 {{n}}', { n: percent(terms.salvage) })}</span><Slider ariaLabelForHandle={t('残值')} min={0} max={0.95} step={0.05} value={terms.salvage} onChange={(value) => onChange({ ...terms, salvage: value })} tooltip={{ formatter: (value) => percent(value ?? 0) }} /></div>
        <div className="field"><span>{t('断一件货另外损失售价的 {{n}}', { n: percent(terms.goodwill) })}</span><Slider ariaLabelForHandle={t('缺货的商誉损失')} min={0} max={1} step={0.05} value={terms.goodwill} onChange={(value) => onChange({ ...terms, goodwill: value })} tooltip={{ formatter: (value) => percent(value ?? 0) }} /></div>
        <p className="faint">{t('建议采购用报童公式：少一件损失毛利与商誉，多一件损失成本减残值；两者之比就是该备到的分位。')}</p>
      </div>
    </aside>
  )
}
