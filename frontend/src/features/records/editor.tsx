/** One record to read, fill in or change: live formulas and rules, problems at their fields, what was typed is never lost. */
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Popconfirm } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { FormDefinition, Problem, RecordItem, Values } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { ProblemList } from '../../components/problems'
import { fieldOfPath, RecordForm } from '../../components/record-form/record-form'
import { useFormLogic, useLive, useLiveForm } from '../../components/record-form/use-live'
import { CardSkeleton } from '../../components/states'
import { type FormLogic, NO_LOGIC } from '../../lib/form/level'
import type { AccessAnswer } from './types'
import { may } from './use-access'

interface Props {
  form: FormDefinition
  record: RecordItem | null
  access: AccessAnswer | undefined
  given?: Values
  onClose: () => void
  onSaved: (record: RecordItem) => void
}

const refreshed = (form: string): void => {
  for (const key of [['list'], ['groups', form], ['options', form], ['record-history', form], ['record', form]]) void queryClient.invalidateQueries({ queryKey: key })
}

const scrollTo = (problems: readonly Problem[]): void => {
  const first = problems.map((problem) => document.getElementById(`item-${fieldOfPath(problem.path)}`)).find((element) => element !== null)
  first?.scrollIntoView({ behavior: 'smooth', block: 'center' })
}

const Filled = ({ form, record, access, given, logic, onClose, onSaved }: Props & { logic: FormLogic }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const live = useLiveForm(form, logic, record, given)
  const [problems, setProblems] = useState<Problem[]>([])
  const [tried, setTried] = useState(false)
  const changed = useLive(live, (one) => one.touched.size > 0)
  const readOnly = !may(access, record ? 'edit' : 'add') || form.storage === 'facts'
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (changed) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [changed])
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => (record ? api.patch<RecordItem>(`/forms/${form.key}/records/${record.id}`, { values: live.changes(), version: record.version }) : api.post<RecordItem>(`/forms/${form.key}/records`, { values: live.changes() })),
    onSuccess: (saved) => {
      void message.success(record ? t('已保存') : t('已新增'))
      refreshed(form.key)
      onSaved(saved)
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return
      setProblems(error.problems)
      scrollTo(error.problems)
    },
  })
  const remove = useMutation({ mutationFn: () => api.delete(`/forms/${form.key}/records/${record?.id}`), onSuccess: () => { void message.success(t('已删除')); refreshed(form.key); onClose() } })
  const submit = (): void => {
    const found = live.problems()
    setTried(true)
    setProblems(found)
    if (found.length === 0) save.mutate()
    else scrollTo(found)
  }
  const known = new Set(form.fields.filter((field) => !field.hidden).map((field) => field.key))
  const unplaced = problems.filter((problem) => !known.has(fieldOfPath(problem.path)))
  const stale = save.error instanceof ApiError && save.error.status === 409
  return (
    <>
      <RecordForm live={live} readOnly={readOnly} problems={problems} labels={record?.labels} access={access?.fields} onEdited={() => { if (tried) setProblems(live.problems()) }} />
      {unplaced.length > 0 ? <Alert className="gap-top" type="error" showIcon title={t('还有 {{n}} 处要改', { n: unplaced.length })} description={<ProblemList problems={unplaced} />} /> : null}
      {save.isError && problems.length === 0 ? <Alert className="gap-top" type="error" showIcon title={errorText(save.error)} action={stale ? <Button size="small" onClick={() => refreshed(form.key)}>{t('看最新的')}</Button> : undefined} /> : null}
      {readOnly ? null : (
        <div className="drawer-foot">
          {record && may(access, 'delete') ? <Popconfirm title={t('删除这条记录？')} okText={t('删除')} onConfirm={() => remove.mutate()}><Button danger type="text" loading={remove.isPending}>{t('删除')}</Button></Popconfirm> : <span />}
          <span className="row">{tried && problems.length > 0 ? <span className="critical-word">{t('{{n}} 处要改', { n: problems.length })}</span> : null}<Button onClick={onClose}>{t('取消')}</Button><Button type="primary" loading={save.isPending} disabled={record !== null && !changed} onClick={submit}>{record ? t('保存') : t('新增')}</Button></span>
        </div>
      )}
    </>
  )
}

export const RecordEditor = (props: Props) => {
  const logic = useFormLogic(props.form.key)
  if (logic.isPending || !props.access) return <CardSkeleton lines={8} />
  return <Filled key={`${props.record?.id ?? 'new'}-${props.record?.version ?? 0}`} {...props} logic={logic.data ?? NO_LOGIC} />
}
