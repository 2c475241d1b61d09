/** One import: the file, its columns, a dry run, then for good. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, Select, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api } from '../../api/client'
import type { Definition, FormDefinition, FormItem, ImportAnalysis, ImportJob, Json, Page, RecordItem } from '../../api/types'
import { queryClient } from '../../app/query'
import { CardSkeleton } from '../../components/states'
import { pick } from '../../i18n'
import { fieldLabel, useFormDefinition } from '../records/use-form'
import { ColumnTable } from './columns'
import { DropZone } from './drop-zone'
import { JobView, useJob } from './job'
import { bestGuess, type Columns, guessColumns, guessKey, importBody, likelyForm, missing, type Preset, presetColumns } from './mapping'

const usePreset = (key: string) => useQuery({ queryKey: ['mapping', key], queryFn: () => api.get<Definition<Preset>>(`/mappings/${key}`), enabled: key !== '', retry: false, staleTime: 300_000 })

const useStart = (onStarted: (id: string) => void) => useMutation({ mutationFn: (body: Record<string, unknown>) => api.post<ImportJob>('/imports', body), onSuccess: (job) => onStarted(job.id) })

const NO_CONSTANTS: Record<string, Json> = {}

const useWarehouses = (enabled: boolean): { value: string; label: string }[] => {
  const found = useQuery({ queryKey: ['options', 'warehouse'], queryFn: () => api.get<Page<RecordItem>>('/forms/warehouse/records', { limit: 200 }), enabled, staleTime: 300_000 })
  return enabled ? (found.data?.items.map((item) => ({ value: String(item.values.code), label: String(item.values.name ?? item.values.code) })) ?? []) : []
}

interface MappingProps {
  analysis: ImportAnalysis
  form: FormDefinition
  into: string
  setInto: (into: string) => void
  onDone: () => void
}

const Mapping = ({ analysis, form, into, setInto, onDone }: MappingProps) => {
  const { t } = useTranslation()
  const forms = useQuery({ queryKey: ['forms'], queryFn: () => api.get<Page<FormItem & { name_en?: string }>>('/forms'), staleTime: 60_000 })
  const [presetKey, setPresetKey] = useState(() => guessKey(bestGuess(analysis, into) ?? { name: '', score: 0 }))
  const [edits, setEdits] = useState<Columns | null>(null)
  const [trial, setTrial] = useState<string | null>(null)
  const [real, setReal] = useState<string | null>(null)
  const found = usePreset(presetKey)
  const preset = presetKey ? (found.data?.definition ?? null) : null
  const names = analysis.columns.map((column) => column.name)
  const columns = edits ?? (preset ? presetColumns(preset, names) : guessColumns(names, form.fields))
  const constants = (preset?.constants as Record<string, Json> | undefined) ?? NO_CONSTANTS
  const lacking = missing(form, columns, constants)
  const places = useWarehouses(form.fields.some((field) => field.key === 'warehouse') && !Object.values(columns).includes('warehouse') && constants.warehouse === undefined)
  const [place, setPlace] = useState<string>()
  const homeless = places.length > 1 && place === undefined
  const chosen = { analysis, into, columns, presetKey, preset, edited: edits !== null || place !== undefined, constants: place === undefined ? constants : { ...constants, warehouse: place } }
  const tryIt = useStart(setTrial)
  const start = useStart(setReal)
  const tried = useJob(trial)
  const done = useJob(real)
  const change = (next: Columns | null): void => {
    setEdits(next)
    setTrial(null)
  }
  const presets = analysis.guesses.filter((item) => item.into === into)
  if (real) {
    return (
      <div className="stack">
        <JobView id={real} />
        {done.data?.status === 'done' || done.data?.status === 'failed' ? <div className="row"><Button type="primary" onClick={onDone}>{t('好')}</Button></div> : null}
      </div>
    )
  }
  return (
    <div className="stack">
      <div className="row wrap">
        <span>{t('导入到')}</span>
        <Select aria-label={t('导入到')} value={into} onChange={setInto} style={{ minWidth: 160 }} showSearch={{ optionFilterProp: 'label' }} options={forms.data?.items.map((item) => ({ value: item.key, label: pick(item, 'name') }))} />
        {presets.length > 0 ? (
          <>
            <span>{t('按')}</span>
            <Select aria-label={t('导入预设')} value={presetKey} style={{ minWidth: 200 }} options={[...presets.map((item) => ({ value: guessKey(item), label: pick(item, 'name') })), { value: '', label: t('自己对列') }]} onChange={(key: string) => {
              setPresetKey(key)
              change(null)
            }} />
          </>
        ) : null}
      </div>
      <ColumnTable analysis={analysis} form={form} columns={columns} onChange={change} />
      {lacking.length > 0 ? <Alert type="warning" showIcon title={t('还缺：{{fields}}', { fields: lacking.map(fieldLabel).join('、') })} description={t('请在上面指出哪一列是它。')} /> : null}
      {places.length > 1 ? (
        <div className="row wrap">
          <span>{t('这张表没有仓库列，都算在')}</span>
          <Select aria-label={t('仓库')} placeholder={t('选一个仓库')} value={place} onChange={(next: string) => { setPlace(next); setTrial(null) }} options={places} style={{ minWidth: 160 }} />
        </div>
      ) : null}
      {trial ? <section className="trial"><JobView id={trial} dryRun /></section> : null}
      <div className="row">
        <Button loading={tryIt.isPending || (trial !== null && tried.data?.status !== 'done' && tried.data?.status !== 'failed')} disabled={lacking.length > 0 || homeless} onClick={() => tryIt.mutate(importBody(chosen, true))}>{t('先检查一遍')}</Button>
        <Button type="primary" loading={start.isPending} disabled={lacking.length > 0 || homeless} onClick={() => start.mutate(importBody(chosen, false))}>{t('导入')}</Button>
      </div>
    </div>
  )
}

export const ImportWizard = ({ onDone }: { onDone: () => void }) => {
  const { t } = useTranslation()
  const [analysis, setAnalysis] = useState<ImportAnalysis | null>(null)
  const [search] = useSearchParams()
  const wanted = search.get('into')
  const [into, setInto] = useState(wanted ?? 'sales')
  const form = useFormDefinition(into)
  const document = form.data?.definition
  const finish = (): void => {
    setAnalysis(null)
    void queryClient.invalidateQueries()
    onDone()
  }
  return (
    <section className="card pad stack">
      <Steps size="small" responsive={false} current={analysis ? 1 : 0} items={[{ title: t('选文件') }, { title: t('对列') }, { title: t('导入') }]} />
      <DropZone title={t('把文件拖到这里，或点一下选择')} text={t('销量、订单、库存、商品……支持 Excel、CSV、Parquet，千牛、京麦、拼多多导出的直接认')} analysis={analysis} onAnalysed={(next) => { setAnalysis(next); setInto(wanted ?? likelyForm(next)) }} />
      {analysis && form.isPending ? <CardSkeleton /> : null}
      {analysis && document ? <Mapping key={`${analysis.file}-${into}`} analysis={analysis} form={document} into={into} setInto={setInto} onDone={finish} /> : null}
    </section>
  )
}
