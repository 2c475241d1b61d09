/** Where running instances stand and how long each step takes: the slow places are easy to see. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { Mark } from '../../components/flow/desk'
import { Moment } from '../../components/moment'
import { CardSkeleton, Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { language } from '../../i18n'
import { saySpan } from '../../lib/dates'
import type { Flow } from '../../lib/flow/model'
import { typeset } from '../../lib/typeset'
import { useTable } from './store'

export interface NodeLoad {
  node: string
  open: number
  oldest_seconds: number | null
  done: number
  median_seconds: number | null
  slow_seconds: number | null
  overdue: number
}

interface Load {
  days: number
  instances: { running: number; incident: number; finished: number }
  nodes: NodeLoad[]
  running: { id: string; title: string; status: string; started_at: string; nodes: string[] }[]
}

export const LivePanel = ({ flow }: { flow: Flow }) => {
  const { t } = useTranslation()
  const lay = useTable((state) => state.lay)
  const jump = useTable((state) => state.jump)
  const load = useQuery({ queryKey: ['workflow-load', flow.key], queryFn: () => api.get<Load>(`/workflows/${flow.key}/load`), refetchInterval: 30_000, retry: false })
  const spoken = language()
  const marks = useMemo(() => {
    const found = new Map<string, Mark>()
    for (const node of load.data?.nodes ?? []) {
      const notes: NonNullable<Mark['notes']> = []
      if (node.open > 0) notes.push({ text: t('{{n}} 个在办', { n: node.open }), tone: node.overdue > 0 ? 'critical' : 'info' })
      if (node.median_seconds !== null) notes.push({ text: t('通常 {{span}}', { span: saySpan(node.median_seconds, spoken) }), tone: 'unknown' })
      found.set(node.node, { tone: node.overdue > 0 ? 'problem' : node.open > 0 ? 'active' : undefined, notes })
    }
    return found
  }, [load.data, t, spoken])
  useEffect(() => lay({ marks, lit: new Set() }), [lay, marks])
  if (load.isPending) return <CardSkeleton lines={4} />
  if (load.isError) return <Failed error={load.error} retry={() => void load.refetch()} />
  const slow = load.data.nodes.filter((node) => node.open > 0 || node.median_seconds !== null).toSorted((one, other) => (other.oldest_seconds ?? 0) - (one.oldest_seconds ?? 0) || (other.median_seconds ?? 0) - (one.median_seconds ?? 0))
  return (
    <div className="stack tight">
      <p className="soft num">{t('近 {{days}} 天：{{running}} 个在办，{{finished}} 个办完', { days: load.data.days, running: load.data.instances.running, finished: load.data.instances.finished })}{load.data.instances.incident > 0 ? t('，{{n}} 个受阻', { n: load.data.instances.incident }) : ''}</p>
      {slow.length === 0 ? <p className="faint">{t('还没有人办过，发起一次就能看到。')}</p> : null}
      <ul className="load">
        {slow.map((node) => (
          <li key={node.node}>
            <button type="button" className="who-step" onClick={() => jump(node.node)}><strong>{flow.nodes[node.node]?.name ?? node.node}</strong></button>
            <p className="soft num">{node.open > 0 ? t('{{n}} 个在办，最久等了 {{span}}', { n: node.open, span: saySpan(node.oldest_seconds ?? 0, spoken) }) : t('没有在办的')}{node.median_seconds === null ? '' : t('；通常 {{median}}，慢的 {{slow}}', { median: saySpan(node.median_seconds, spoken), slow: saySpan(node.slow_seconds ?? 0, spoken) })}</p>
          </li>
        ))}
      </ul>
      {load.data.running.length > 0 ? <h3 className="card-title-inline">{t('正在办的')}</h3> : null}
      <ul className="load">
        {load.data.running.map((item) => <li key={item.id}><Link to={`/instances/${item.id}`}>{typeset(item.title)}</Link> <StateTag state={item.status} plain /><p className="faint"><Moment at={item.started_at} /> · {item.nodes.map((node) => flow.nodes[node]?.name ?? node).join('、')}</p></li>)}
      </ul>
    </div>
  )
}
