/** Starting a workflow by hand: fill in its form, keep a draft, submit. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { api, ApiError } from '../../api/client'
import type { Definition, FormDefinition, FormField, Json, Values } from '../../api/types'
import { errorText } from '../../app/query'
import { FieldInput } from '../../components/field-input'
import { PageHeader } from '../../components/page-header'
import { ProblemList } from '../../components/problems'
import { Failed, PageSkeleton } from '../../components/states'
import { pick } from '../../i18n'
import { editorOf } from '../../lib/fields'
import { refreshWork } from '../../components/work'

interface Startable {
  form?: string
  nodes: Record<string, { type: string; write?: string[]; hide?: string[] }>
}

/** What is filled in at the start: what the server computes by itself and later states are left out. */
const fieldsOf = (form: FormDefinition, flow: Startable): FormField[] => {
  const start = Object.values(flow.nodes).find((node) => node.type === 'start')
  return form.fields.filter((field) => !field.hidden && !['fixed', 'rows'].includes(editorOf(field)) && field.key !== 'status' && !start?.hide?.includes(field.key) && (start?.write === undefined || start.write.includes(field.key)))
}

const clean = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''))

const Filling = ({ flow, workflow, name, form, kept }: { flow: Startable; workflow: string; name: string; form: FormDefinition | null; kept: { id: string; values: Values } | null }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [filled] = Form.useForm<Values>()
  const [draft, setDraft] = useState(kept?.id)
  const read = (): Values => clean(filled.getFieldsValue() as Values)
  const save = useMutation({
    mutationFn: () => api.post<{ id: string }>(`/workflows/${workflow}/drafts`, { values: read(), ...(draft === undefined ? {} : { draft }) }),
    onSuccess: (answer) => {
      setDraft(answer.id)
      void message.success(t('草稿已保存，在待办的“草稿”里'))
      refreshWork()
    },
  })
  const submit = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.post<{ instance: string }>(`/workflows/${workflow}/start`, { ...(form ? { values: read() } : { variables: read() }), ...(draft === undefined ? {} : { draft }) }),
    onSuccess: (answer) => {
      void message.success(t('已提交'))
      refreshWork()
      void navigate(`/instances/${encodeURIComponent(answer.instance)}`)
    },
  })
  const problems = submit.error instanceof ApiError ? submit.error.problems : []
  return (
    <div className="page start-page">
      <PageHeader back={{ to: '/todos', label: t('待办') }} title={t('发起：{{name}}', { name })} />
      <section className="card pad">
        <Form form={filled} layout="vertical" requiredMark={false} className="todo-write" initialValues={kept?.values ?? {}} onFinish={() => submit.mutate()}>
          {form ? fieldsOf(form, flow).map((field) => (
            <Form.Item key={field.key} name={field.key} label={pick(field, 'label')} extra={pick(field, 'help')} initialValue={field.default as Json} rules={[{ required: field.required === true, message: t('请填写{{label}}', { label: pick(field, 'label') }) }]}><FieldInput field={field} /></Form.Item>
          )) : <p className="faint">{t('这个流程不用填表，直接提交就行。')}</p>}
        </Form>
        {submit.isError ? <Alert className="gap-top" type="error" showIcon title={errorText(submit.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
        <div className="row start-actions">
          <Button type="primary" size="large" loading={submit.isPending} onClick={() => filled.submit()}>{t('提交')}</Button>
          <Button size="large" loading={save.isPending} onClick={() => save.mutate()}>{t('存草稿')}</Button>
        </div>
      </section>
    </div>
  )
}

const StartPage = () => {
  const { key = '' } = useParams()
  const [search] = useSearchParams()
  const draft = search.get('draft')
  const workflow = useQuery({ queryKey: ['workflow', key, 'start'], queryFn: () => api.get<Definition<Startable>>(`/workflows/${key}`) })
  const flow = workflow.data?.definition
  const form = useQuery({ queryKey: ['form', flow?.form], queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${flow?.form}`), enabled: flow?.form !== undefined })
  const kept = useQuery({ queryKey: ['draft', draft], queryFn: () => api.get<{ id: string; values: Values }>(`/drafts/${draft}`), enabled: draft !== null, staleTime: 0 })
  const failed = [workflow, form, kept].find((each) => each.isError)
  if (failed) return <div className="page"><div className="card"><Failed error={failed.error} retry={() => void failed.refetch()} /></div></div>
  if (!workflow.data || !flow || (flow.form !== undefined && !form.data) || (draft !== null && !kept.data)) return <PageSkeleton />
  return <Filling flow={flow} workflow={key} name={workflow.data.name} form={form.data?.definition ?? null} kept={kept.data ?? null} />
}

export default StartPage
