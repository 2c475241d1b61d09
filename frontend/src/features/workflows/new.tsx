/** A new workflow starts from one that is drawn already; the empty one is there too. */
import { ApartmentOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { DefinitionItem, Page } from '../../api/types'
import { queryClient } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { pick } from '../../i18n'
import { treeLayout } from '../../lib/flow/layout'
import { freeKey } from '../../lib/form/editing'
import { keyFrom } from '../../lib/form/pinyin'
import { flowOf, type FlowTemplate, TEMPLATES } from './lib/templates'
import './workflows.css'

/** The template as a small picture: its cards and lines to scale. */
const Picture = ({ template }: { template: FlowTemplate }) => {
  const layout = useMemo(() => treeLayout(flowOf(template, 'picture', '')), [template])
  const at = new Map(layout.things.map((thing) => [thing.id, thing]))
  return (
    <svg className="flow-picture" viewBox={`-10 -10 ${layout.width + 20} ${layout.height + 20}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      {layout.lines.map((line) => {
        const [from, to] = [at.get(line.from), at.get(line.to)]
        if (!from || !to) return null
        const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y]
        return <path key={line.id} d={`M${x1},${y1} V${(y1 + y2) / 2} H${x2} V${y2}`} />
      })}
      {layout.things.map((thing) => <rect key={thing.id} className={`${thing.shape} ${template.nodes[thing.node ?? '']?.type ?? ''}`} x={thing.x} y={thing.y} width={thing.width} height={thing.height} rx={thing.shape === 'card' ? 10 : 16} />)}
    </svg>
  )
}

const NewWorkflow = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const existing = useQuery({ queryKey: ['workflows', 'all'], queryFn: () => api.get<Page<DefinitionItem>>('/workflows', { archived: true }) })
  const create = useMutation({
    mutationFn: async (template: FlowTemplate) => {
      const name = template.key === 'blank' ? t('新流程') : pick(template, 'name')
      const key = freeKey(keyFrom(name) || 'workflow', (existing.data?.items ?? []).map((item) => item.key))
      await api.put(`/workflows/${key}/draft`, { definition: flowOf(template, key, name) })
      return key
    },
    onSuccess: (key) => {
      void queryClient.invalidateQueries({ queryKey: ['workflows'] })
      void navigate(`/workflows/${key}`)
    },
  })
  return (
    <div className="page">
      <PageHeader back={{ to: '/workflows', label: t('流程') }} title={t('新建流程')} text={t('挑一个接近的开始，都可以再改')} />
      <div className="gallery">
        {TEMPLATES.map((template) => (
          <button key={template.key} type="button" className="gallery-card" disabled={create.isPending || existing.isPending} onClick={() => create.mutate(template)}>
            <Picture template={template} />
            <span className="gallery-text"><strong><ApartmentOutlined aria-hidden="true" /> {pick(template, 'name')}</strong><span className="soft">{pick(template, 'text')}</span></span>
          </button>
        ))}
      </div>
    </div>
  )
}

export default NewWorkflow
