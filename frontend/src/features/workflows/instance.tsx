/** One run of a workflow on its drawing: where it stands, where it passed, who took how long. */
import { PrinterOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../../api/client'
import { useMe } from '../../app/query'
import { FlowCanvas } from '../../components/flow/canvas'
import type { Desk } from '../../components/flow/desk'
import { type InstanceDetail, instanceMarks } from '../../components/flow/instance'
import { useNames } from '../../components/flow/names'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Failed, PageSkeleton } from '../../components/states'
import { StateTag } from '../../components/status'
import { Timeline } from '../../components/timeline'
import { refreshWork } from '../../components/work'
import { language, pick } from '../../i18n'
import { typeset } from '../../lib/typeset'
import { useKinds } from './lib/kinds'
import './workflows.css'

const Discussion = lazy(() => import('../../components/discussion'))

const RUNNING = new Set(['running', 'incident', 'suspended'])

/** What may be done to the whole: by who started it, and by administrators. */
const Actions = ({ instance }: { instance: InstanceDetail }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const [ending, setEnding] = useState(false)
  const [reason, setReason] = useState('')
  const act = useMutation({
    mutationFn: ({ op, comment }: { op: string; comment?: string }) => api.post<{ message: string; message_en: string }>(`/instances/${encodeURIComponent(instance.id)}/${op}`, comment === undefined ? {} : { comment }),
    onSuccess: (answer) => {
      void message.success(pick(answer, 'message'))
      setEnding(false)
      refreshWork()
    },
  })
  const mine = instance.initiator === user.key
  const admin = user.roles.includes('admin')
  const runs = RUNNING.has(instance.status)
  return (
    <>
      <Button type="text" icon={<PrinterOutlined />} onClick={() => window.print()}>{t('打印')}</Button>
      {runs && (mine || admin) ? <Button loading={act.isPending} onClick={() => act.mutate({ op: 'urge' })}>{t('催办')}</Button> : null}
      {runs && mine ? <Button loading={act.isPending} onClick={() => act.mutate({ op: 'recall' })}>{t('撤回')}</Button> : null}
      {instance.status === 'incident' && admin ? <Button type="primary" loading={act.isPending} onClick={() => act.mutate({ op: 'retry' })}>{t('从这里重试')}</Button> : null}
      {runs && admin ? <Button danger onClick={() => setEnding(true)}>{t('终止')}</Button> : null}
      {ending ? <Modal open title={t('终止这个流程')} onCancel={() => setEnding(false)} okText={t('终止')} okButtonProps={{ danger: true, disabled: reason.trim() === '', loading: act.isPending }} onOk={() => act.mutate({ op: 'cancel', comment: reason })}><Input.TextArea aria-label={t('原因')} placeholder={t('写明原因，参与的人会看到')} value={reason} onChange={(event) => setReason(event.target.value)} /></Modal> : null}
    </>
  )
}

const NONE: ReadonlySet<string> = new Set()

const Drawn = ({ instance }: { instance: InstanceDetail }) => {
  const { t } = useTranslation()
  const flow = instance.definition
  const names = useNames(flow.form)
  const kinds = useKinds()
  const marks = useMemo(() => instanceMarks(instance, new Date(), language(), t), [instance, t])
  const { user } = useMe()
  const unread = (instance.copies?.includes(user.key) ?? false) && !instance.readers?.includes(user.key)
  useEffect(() => {
    if (unread) void api.post(`/instances/${encodeURIComponent(instance.id)}/read`).catch(() => undefined) // seeing it is all that counts
  }, [unread, instance.id])
  const desk = useMemo<Desk>(() => ({ flow, names, title: (type) => pick(kinds.find((kind) => kind.type === type), 'title') || type, select: () => undefined, fold: () => undefined }), [flow, names, kinds])
  return (
    <div className="page flow-page">
      <PageHeader back={{ to: `/workflows/${instance.workflow.key}`, label: instance.workflow.name }} title={typeset(instance.title)} tag={<StateTag state={instance.status} />} text={<>{instance.initiator_name} · <Moment at={instance.started_at} /> · {t('第 {{n}} 版', { n: instance.version })}</>} actions={<Actions instance={instance} />} />
      <div className="flow-desk">
        <div className="flow-canvas-box card"><FlowCanvas desk={desk} view="tree" folded={NONE} chosen={null} marks={marks} /></div>
        <aside className="flow-side card pad"><h2 className="card-title-inline">{t('经过')}</h2><Timeline entries={instance.timeline} /><div className="no-print"><Suspense fallback={null}><Discussion instance={instance.id} /></Suspense></div></aside>
      </div>
    </div>
  )
}

const InstancePage = () => {
  const { id = '' } = useParams()
  const found = useQuery({ queryKey: ['instance', id], queryFn: () => api.get<InstanceDetail>(`/instances/${encodeURIComponent(id)}`), refetchInterval: 30_000 })
  if (found.isError) return <div className="page"><div className="card"><Failed error={found.error} retry={() => void found.refetch()} /></div></div>
  if (!found.data) return <PageSkeleton />
  return <Drawn instance={found.data} />
}

export default InstancePage
