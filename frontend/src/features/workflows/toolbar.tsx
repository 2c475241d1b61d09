/** Above the canvas: tree or free graph, fold everything, find a step. */
import { ApartmentOutlined, DeploymentUnitOutlined, NodeCollapseOutlined, NodeExpandOutlined, SearchOutlined } from '@ant-design/icons'
import { Panel } from '@xyflow/react'
import { Button, Segmented, Select, Tooltip } from 'antd'
import PinyinMatch from 'pinyin-match'
import { type RefObject, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { View } from '../../components/flow/canvas'
import { foldable } from '../../lib/flow/layout'
import type { Names } from '../../lib/flow/words'
import { sayNode } from '../../lib/flow/words'
import { useFlow, useTable } from './store'

export interface Focusable {
  focus: () => void
}

export const CanvasToolbar = ({ names, title, search }: { names: Names; title: (type: string) => string; search: RefObject<Focusable | null> }) => {
  const { t } = useTranslation()
  const flow = useFlow()
  const view = useTable((state) => state.view)
  const folded = useTable((state) => state.folded)
  const look = useTable((state) => state.look)
  const foldAll = useTable((state) => state.foldAll)
  const select = useTable((state) => state.select)
  const jump = useTable((state) => state.jump)
  const options = useMemo(
    () => Object.entries(flow.nodes).map(([id, node]) => {
      const said = sayNode(node, t, names)
      return { value: id, label: [node.name ?? title(node.type), said].filter(Boolean).join(' · ') }
    }),
    [flow.nodes, t, names, title],
  )
  const find = (id: string | undefined): void => {
    if (id === undefined) return
    select({ kind: 'node', id })
    jump(id)
  }
  return (
    <Panel position="top-left" className="flow-toolbar">
      <Segmented size="small" value={view} onChange={(value) => look(value as View)} options={[{ value: 'tree', icon: <ApartmentOutlined />, label: t('树') }, { value: 'free', icon: <DeploymentUnitOutlined />, label: t('自由图') }]} />
      {view === 'tree' ? <Tooltip title={folded.size > 0 ? t('全部展开') : t('全部折叠')}><Button size="small" type="text" icon={folded.size > 0 ? <NodeExpandOutlined /> : <NodeCollapseOutlined />} aria-label={folded.size > 0 ? t('全部展开') : t('全部折叠')} onClick={() => foldAll(folded.size > 0 ? new Set() : foldable(flow))} /></Tooltip> : null}
      <Select ref={search as never} size="small" allowClear aria-label={t('找一步')} placeholder={<><SearchOutlined /> {t('找一步')}</>} value={undefined} onChange={find} showSearch={{ filterOption: (word, option) => String(option?.label ?? '').toLowerCase().includes(word.toLowerCase()) || Boolean(PinyinMatch.match(String(option?.label ?? ''), word)) }} options={options} style={{ width: 180 }} popupMatchSelectWidth={280} />
    </Panel>
  )
}
