/** One widget's settings: what it counts, which records, by what. */
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { DefinitionItem, Page } from '../../api/types'
import { FormulaField } from '../../components/formula/field'
import { useFields } from '../../components/formula/use-check'
import { type Widget, type WidgetType, widthOf } from './types'

const WIDTHS = { third: 8, half: 12, whole: 24 }

const fresh = (taken: string[]): Widget => {
  let number = taken.length + 1
  while (taken.includes(`w${number}`)) number += 1
  return { id: `w${number}`, type: 'number', title: '', form: 'stock', aggregate: 'count', w: 8 }
}

/** What a widget of its type keeps: the rest is left out of the document. */
const trimmed = (widget: Widget): Widget => {
  const { id, type, title, title_en, w, x, y, h } = widget
  const same = { id, type, title, title_en, w, x, y, h }
  if (type === 'alerts' || type === 'tasks' || type === 'todos') return same
  if (type === 'text') return { ...same, text: widget.text }
  const rows = { ...same, form: widget.form, filter: widget.filter || undefined }
  if (type === 'table') return { ...rows, columns: widget.columns, limit: widget.limit }
  return { ...rows, measure: widget.aggregate === 'count' ? undefined : widget.measure, aggregate: widget.aggregate, unit: widget.unit, days: widget.days, group_by: type === 'number' ? undefined : widget.group_by }
}

const Source = ({ widget, set }: { widget: Widget; set: (patch: Partial<Widget>) => void }) => {
  const { t } = useTranslation()
  const forms = useQuery({ queryKey: ['forms'], queryFn: () => api.get<Page<DefinitionItem & { storage?: string }>>('/forms'), staleTime: 60_000 })
  const over = widget.form ?? ''
  const fields = useFields(over)
  const choices = fields.data?.map((field) => ({ value: field.path, label: field.label })) ?? []
  const drawn = widget.type === 'line' || widget.type === 'bar' || widget.type === 'pie' || widget.type === 'funnel'
  const facts = forms.data?.items.find((item) => item.key === over)?.storage === 'facts'
  return (
    <>
      <Form.Item label={t('从哪张表')}><Select aria-label={t('从哪张表')} showSearch={{ optionFilterProp: 'label' }} value={widget.form} onChange={(form: string) => set({ form, filter: undefined, measure: undefined, group_by: undefined, columns: undefined })} options={forms.data?.items.map((item) => ({ value: item.key, label: item.name }))} /></Form.Item>
      <Form.Item label={t('只看哪些（可以不填）')}><FormulaField source={widget.filter ?? ''} over={over} result="boolean" label={t('只看哪些')} placeholder={t('例如 on_hand <= 0')} onChange={(filter) => set({ filter })} /></Form.Item>
      {widget.type === 'table' ? <Form.Item label={t('显示哪些列')}><Select mode="multiple" aria-label={t('显示哪些列')} value={widget.columns ?? []} onChange={(columns: string[]) => set({ columns })} options={choices.filter((choice) => !choice.value.includes('.'))} /></Form.Item> : (
        <>
          <Form.Item label={t('怎么算')}><Select aria-label={t('怎么算')} value={widget.aggregate ?? 'count'} onChange={(aggregate: NonNullable<Widget['aggregate']>) => set({ aggregate })} options={[{ value: 'count', label: t('数一数有多少') }, { value: 'sum', label: t('加起来') }, { value: 'average', label: t('平均') }, { value: 'max', label: t('最大') }, { value: 'min', label: t('最小') }]} /></Form.Item>
          {(widget.aggregate ?? 'count') === 'count' ? null : <Form.Item label={t('算什么')}><FormulaField source={widget.measure ?? ''} over={over} result="number" label={t('算什么')} placeholder={t('例如 on_hand * sku.unit_cost')} onChange={(measure) => set({ measure })} /></Form.Item>}
          {drawn ? <Form.Item label={t('按什么分')}><Select aria-label={t('按什么分')} showSearch={{ optionFilterProp: 'label' }} value={widget.group_by?.[0]} onChange={(path: string) => set({ group_by: [path] })} options={choices} /></Form.Item> : null}
          {facts ? <Form.Item label={t('最近多少天')}><InputNumber aria-label={t('最近多少天')} min={1} max={730} value={widget.days ?? 30} onChange={(days) => set({ days: days ?? 30 })} /></Form.Item> : null}
          <Form.Item label={t('单位')}><Input aria-label={t('单位')} maxLength={20} value={widget.unit ?? ''} onChange={(event) => set({ unit: event.target.value || undefined })} /></Form.Item>
        </>
      )}
    </>
  )
}

const WidgetDrawer = ({ widget, taken, onSave, onClose }: { widget: Widget | null; taken: string[]; onSave: (widget: Widget) => void; onClose: () => void }) => {
  const { t } = useTranslation()
  const [edited, setEdited] = useState<Widget>(() => widget ?? fresh(taken))
  const set = (patch: Partial<Widget>): void => setEdited((before) => ({ ...before, ...patch }))
  const types: [WidgetType, string][] = [['number', t('一个数字')], ['line', t('曲线')], ['bar', t('柱形')], ['pie', t('占比')], ['table', t('表格')], ['alerts', t('预警')], ['tasks', t('补货任务')], ['todos', t('待办')], ['text', t('一段文字')]]
  const counts = !['alerts', 'tasks', 'todos', 'text'].includes(edited.type)
  const drawn = edited.type === 'line' || edited.type === 'bar' || edited.type === 'pie'
  const ready = Boolean(edited.title?.trim()) && (!drawn || Boolean(edited.group_by?.length)) && ((edited.aggregate ?? 'count') === 'count' || edited.type === 'table' || !counts || Boolean(edited.measure?.trim()))
  return (
    <Drawer open size={520} title={widget ? t('修改这一块') : t('加一块')} onClose={onClose} extra={<Button type="primary" disabled={!ready} onClick={() => onSave(JSON.parse(JSON.stringify(trimmed(edited))) as Widget)}>{t('好')}</Button>}>
      <Form layout="vertical">
        <Form.Item label={t('标题')}><Input aria-label={t('标题')} maxLength={200} value={edited.title ?? ''} onChange={(event) => set({ title: event.target.value })} /></Form.Item>
        <Form.Item label={t('显示成')}><Select aria-label={t('显示成')} value={edited.type} onChange={(type: WidgetType) => set({ type })} options={types.map(([value, label]) => ({ value, label }))} /></Form.Item>
        <Form.Item label={t('宽度')}><Select aria-label={t('宽度')} value={widthOf(edited)} onChange={(next: keyof typeof WIDTHS) => set({ w: WIDTHS[next] })} options={[{ value: 'third', label: t('三分之一') }, { value: 'half', label: t('一半') }, { value: 'whole', label: t('整行') }]} /></Form.Item>
        {edited.type === 'text' ? <Form.Item label={t('文字')}><Input.TextArea aria-label={t('文字')} autoSize={{ minRows: 4 }} value={edited.text ?? ''} onChange={(event) => set({ text: event.target.value })} /></Form.Item> : null}
        {counts ? <Source widget={edited} set={set} /> : null}
      </Form>
    </Drawer>
  )
}

export default WidgetDrawer
