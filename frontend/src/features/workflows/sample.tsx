/** For whom and for which record something is tried out. */
import { useQuery } from '@tanstack/react-query'
import { Form, InputNumber, Select } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { ExpressionField, Json, Page, RecordItem } from '../../api/types'
import { useFields } from '../../components/formula/use-check'
import { FieldInput } from '../../components/field-input'
import { usePeople } from '../../components/person'
import { tokenise } from '../../lib/tokens'
import type { Flow } from '../../lib/flow/model'

export interface Sample {
  initiator: string
  record: number | null
  values: Record<string, Json>
}

const titleOf = (record: RecordItem): string => {
  const { code, name, title } = record.values
  const links = Object.values(record.labels ?? {}).slice(0, 2).join(' · ')
  return [code, name ?? title, links].filter(Boolean).join(' ') || String(record.id)
}

/** The fields that decide which way the flow goes. */
export const decidingFields = (flow: Flow, fields: readonly ExpressionField[]): ExpressionField[] => {
  const named = new Set(flow.edges.flatMap((edge) => (edge.condition ? tokenise(edge.condition).filter((token) => token.kind === 'name').map((token) => token.text) : [])))
  return fields.filter((field) => named.has(field.path))
}

const useRecords = (form: string | undefined, word: string) => {
  const deferred = useDeferredValue(word)
  return useQuery({ queryKey: ['options', form, deferred, 'flow'], queryFn: () => api.get<Page<RecordItem>>(`/forms/${form}/records`, { q: deferred, limit: 30, sort: '-created_at' }), enabled: form !== undefined, placeholderData: (previous) => previous, staleTime: 30_000 })
}

export const SampleForm = ({ flow, sample, onChange }: { flow: Flow; sample: Sample; onChange: (sample: Sample) => void }) => {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const people = usePeople()
  const records = useRecords(flow.form, word)
  const fields = useFields(flow.form ?? '')
  const deciding = useMemo(() => decidingFields(flow, fields.data ?? []), [flow, fields.data])
  const put = (path: string, value: Json | null): void => {
    const { [path]: _, ...rest } = sample.values
    onChange({ ...sample, values: value === null || value === '' ? rest : { ...rest, [path]: value } })
  }
  return (
    <Form layout="vertical" className="flow-form">
      <Form.Item label={t('谁来发起')}><Select aria-label={t('谁来发起')} value={sample.initiator} onChange={(initiator) => onChange({ ...sample, initiator })} showSearch={{ optionFilterProp: 'label' }} options={(people.data?.items ?? []).map((person) => ({ value: person.key, label: person.name }))} /></Form.Item>
      {flow.form ? <Form.Item label={t('用哪条记录')}><Select aria-label={t('用哪条记录')} allowClear placeholder={t('不用记录，只填下面的值')} value={sample.record ?? undefined} onChange={(record: number | undefined) => onChange({ ...sample, record: record ?? null })} showSearch={{ filterOption: false, onSearch: setWord }} loading={records.isFetching} options={(records.data?.items ?? []).map((record) => ({ value: Number(record.id), label: titleOf(record) }))} /></Form.Item> : null}
      {deciding.map((field) => {
        const numeric = ['number', 'money', 'quantity', 'percent', 'integer', 'formula'].includes(field.type)
        const given = sample.values[field.path] ?? null
        return (
          <Form.Item key={field.path} label={sample.record === null ? field.label : t('{{label}}（改成）', { label: field.label })}>
            {numeric ? <InputNumber aria-label={field.label} value={given as number | null} onChange={(value) => put(field.path, value)} style={{ width: '100%' }} /> : <FieldInput field={{ key: field.path, type: field.type, label: field.label, options: field.options }} value={given} onChange={(value) => put(field.path, value)} />}
          </Form.Item>
        )
      })}
    </Form>
  )
}
