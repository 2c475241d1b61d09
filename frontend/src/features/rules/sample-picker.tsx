/** Choose the record on which live values are shown, and ask why the rule does or does not fire for it. */
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page, RecordItem, RuleDefinition } from '../../api/types'
import { WhyCard } from './why-card'
import { keysOf, naturalKeys, sampleLabel, useForm, useSample, useSampleChoice } from './sample'

export const SamplePicker = ({ rule, sound }: { rule: RuleDefinition; sound: boolean }) => {
  const { over } = rule
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const deferred = useDeferredValue(word)
  const sample = useSample(over)
  const choose = useSampleChoice((state) => state.choose)
  const form = useForm(over)
  const names = naturalKeys(form.data?.definition)
  const found = useQuery({ queryKey: ['sample-search', over, deferred], queryFn: () => api.get<Page<RecordItem>>(`/forms/${over}/records`, { q: deferred, limit: 20 }), placeholderData: (previous) => previous, staleTime: 60_000 })
  const records = found.data?.items ?? []
  const options = records.map((record) => ({ value: JSON.stringify(keysOf(record, names)), label: sampleLabel(record, names) }))
  const current = sample.keys ? JSON.stringify(sample.keys) : undefined
  if (current && word === '' && !options.some((option) => option.value === current)) options.unshift({ value: current, label: sample.label })
  return (
    <section className="card pad">
      <h2 className="card-title-inline">{t('拿哪个试算')}</h2>
      <Select aria-label={t('拿哪个试算')} showSearch={{ filterOption: false, onSearch: setWord }} value={current} loading={found.isFetching} options={options} style={{ width: '100%' }} onChange={(next: string) => choose(JSON.parse(next) as Record<string, string>, options.find((option) => option.value === next)?.label ?? '')} />
      <WhyCard rule={rule} sound={sound} />
    </section>
  )
}
