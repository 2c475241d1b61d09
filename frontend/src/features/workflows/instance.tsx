/** One run of a workflow on its drawing: where it stands, where it passed, who took how long. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../../api/client'
import { FlowCanvas } from '../../components/flow/canvas'
import type { Desk } from '../../components/flow/desk'
import { type InstanceDetail, instanceMarks } from '../../components/flow/instance'
import { useNames } from '../../components/flow/names'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Failed, PageSkeleton } from '../../components/states'
import { StateTag } from '../../components/status'
import { Timeline } from '../../components/timeline'
import { language, pick } from '../../i18n'
import { typeset } from '../../lib/typeset'
import { useKinds } from './lib/kinds'
import './workflows.css'

const NONE: ReadonlySet<string> = new Set()

const Drawn = ({ instance }: { instance: InstanceDetail }) => {
  const { t } = useTranslation()
  const flow = instance.definition
  const names = useNames(flow.form)
  const kinds = useKinds()
  const marks = useMemo(() => instanceMarks(instance, new Date(), language(), t), [instance, t])
  const desk = useMemo<Desk>(() => ({ flow, names, title: (type) => pick(kinds.find((kind) => kind.type === type), 'title') || type, select: () => undefined, fold: () => undefined }), [flow, names, kinds])
  return (
    <div className="page flow-page">
      <PageHeader back={{ to: `/workflows/${instance.workflow.key}`, label: instance.workflow.name }} title={typeset(instance.title)} tag={<StateTag state={instance.status} />} text={<>{instance.initiator_name} · <Moment at={instance.started_at} /> · {t('第 {{n}} 版', { n: instance.version })}</>} />
      <div className="flow-desk">
        <div className="flow-canvas-box card"><FlowCanvas desk={desk} view="tree" folded={NONE} chosen={null} marks={marks} /></div>
        <aside className="flow-side card pad"><h2 className="card-title-inline">{t('经过')}</h2><Timeline entries={instance.timeline} /></aside>
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
