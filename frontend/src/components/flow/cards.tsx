/** The cards on the canvas: steps, gateways, branches with their condition, the dots where branches meet. */
import { CheckCircleFilled, ExclamationCircleFilled, LeftOutlined, MinusSquareOutlined, MoreOutlined, PlusOutlined, PlusSquareOutlined, RightOutlined } from '@ant-design/icons'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { Dropdown } from 'antd'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pick } from '../../i18n'
import type { FlowEdge, FlowNode } from '../../lib/flow/model'
import type { Placed } from '../../lib/flow/layout'
import { isUnset, needsCondition, sayBranch, sayNode } from '../../lib/flow/words'
import { typeset } from '../../lib/typeset'
import { type Chosen, type Mark, useDesk } from './desk'
import { familyOf, nodeIcon } from './icons'

export interface ThingData extends Record<string, unknown> {
  thing: Placed
  node?: FlowNode
  edge?: FlowEdge
  host?: FlowNode
  mark?: Mark
  chosen: boolean
  foldable: boolean
  free: boolean
}

export type Thing = Node<ThingData>

const stop = (event: { stopPropagation: () => void }): void => event.stopPropagation()

const More = ({ chosen, name }: { chosen: NonNullable<Chosen>; name: string }) => {
  const { t } = useTranslation()
  const { editing } = useDesk()
  const [open, setOpen] = useState(false)
  if (!editing) return null
  const button = <button type="button" className="flow-more nodrag" aria-label={t('“{{name}}”的操作', { name })} onClick={(event) => { stop(event); setOpen(true) }}><MoreOutlined /></button>
  if (!open) return button // hundreds of cards come and go while the canvas moves: their menus are made when asked for
  return <Dropdown open trigger={['click']} onOpenChange={setOpen} menu={{ items: editing.menu(chosen), onClick: ({ key, domEvent }) => { domEvent.stopPropagation(); setOpen(false); editing.act(key, chosen) } }}>{button}</Dropdown>
}

const Notes = ({ mark }: { mark: Mark | undefined }) =>
  mark?.notes && mark.notes.length > 0 ? <span className="flow-notes">{mark.notes.map((note) => <span key={note.text} className={`flow-note ${note.tone ?? 'info'}`}>{note.text}</span>)}</span> : null

const Badge = ({ mark }: { mark: Mark | undefined }) => {
  if (mark?.tone === 'problem') return <ExclamationCircleFilled className="flow-badge critical" />
  if (mark?.tone === 'done') return <CheckCircleFilled className="flow-badge good" />
  return null
}

const Ports = ({ free }: { free: boolean }) => (
  <>
    <Handle type="target" position={Position.Top} isConnectable={free} className={free ? '' : 'flow-port-hidden'} />
    <Handle type="source" position={Position.Bottom} isConnectable={free} className={free ? '' : 'flow-port-hidden'} />
  </>
)

const classOf = (data: ThingData, ...names: string[]): string => ['flow-thing', ...names, data.mark?.tone ? `mark-${data.mark.tone}` : '', data.chosen ? 'chosen' : ''].filter(Boolean).join(' ')

const CardThing = memo(({ data }: NodeProps<Thing>) => {
  const { t } = useTranslation()
  const { names, title } = useDesk()
  const { node, thing } = data
  if (!node || !thing.node) return null
  const said = sayNode(node, t, names)
  const name = pick(node, 'name') || title(node.type)
  return (
    <div className={classOf(data, 'flow-card', familyOf(node.type))}>
      <Ports free={data.free} />
      <div className="flow-card-head"><span className="flow-icon" aria-hidden="true">{nodeIcon(node.type)}</span><span className="ellipsis grow">{typeset(name)}</span><Badge mark={data.mark} /><More chosen={{ kind: 'node', id: thing.node }} name={name} /></div>
      <div className={`flow-card-text ${isUnset(node, said) ? 'unset' : ''}`}>{isUnset(node, said) ? t('点这里设置') : typeset(said) || title(node.type)}</div>
      <Notes mark={data.mark} />
    </div>
  )
})

const GatewayThing = memo(({ data }: NodeProps<Thing>) => {
  const { t } = useTranslation()
  const { editing, fold, title, flow } = useDesk()
  const { node, thing } = data
  if (!node || !thing.node) return null
  const id = thing.node
  const splits = flow.edges.filter((edge) => edge.from === id).length > 1
  const name = pick(node, 'name') || (splits ? title(node.type) : t('汇合'))
  return (
    <div className={classOf(data, 'flow-gateway')} title={name}>
      <Ports free={data.free} />
      <span className="flow-icon" aria-hidden="true">{nodeIcon(node.type)}</span>
      <span className="ellipsis">{typeset(name)}</span>
      <Badge mark={data.mark} />
      {splits && editing ? <button type="button" className="flow-mini nodrag" aria-label={t('给“{{name}}”加一条分支', { name })} title={t('加一条分支')} onClick={(event) => { stop(event); editing.addBranch(id) }}><PlusOutlined /></button> : null}
      {data.foldable ? <button type="button" className="flow-mini nodrag" aria-label={t('折叠“{{name}}”', { name })} title={t('折叠')} onClick={(event) => { stop(event); fold(id) }}><MinusSquareOutlined /></button> : null}
      <Notes mark={data.mark} />
    </div>
  )
})

const PillThing = memo(({ data }: NodeProps<Thing>) => {
  const { title } = useDesk()
  const { node } = data
  if (!node) return null
  return (
    <div className={classOf(data, 'flow-pill', node.type)}>
      <Ports free={data.free} />
      <span className="flow-icon" aria-hidden="true">{nodeIcon(node.type)}</span> <span className="ellipsis">{typeset(pick(node, 'name') || title(node.type))}</span><Badge mark={data.mark} />
      <Notes mark={data.mark} />
    </div>
  )
})

const Shift = ({ edge, by, hidden }: { edge: string; by: -1 | 1; hidden: boolean }) => {
  const { t } = useTranslation()
  const { editing } = useDesk()
  if (!editing || hidden) return null
  return <button type="button" className={`flow-shift ${by < 0 ? 'earlier' : 'later'} nodrag`} aria-label={by < 0 ? t('提前一位') : t('推后一位')} onClick={(event) => { stop(event); editing.moveBranch(edge, by) }}>{by < 0 ? <LeftOutlined /> : <RightOutlined />}</button>
}

const BranchThing = memo(({ data }: NodeProps<Thing>) => {
  const { t } = useTranslation()
  const { names } = useDesk()
  const { edge, host, thing } = data
  if (!edge) return null
  const ordered = host?.type === 'exclusive' || host?.type === 'inclusive'
  const [order, siblings] = [thing.order ?? 0, thing.siblings ?? 0]
  const name = pick(edge, 'name') || (edge.default ? t('其他情况') : t('分支 {{n}}', { n: order + 1 }))
  return (
    <div className={classOf(data, 'flow-branch', needsCondition(edge, host) ? 'needs' : '')}>
      <Ports free={false} />
      <Shift edge={edge.id} by={-1} hidden={order === 0} />
      <div className="flow-branch-head"><span className="ellipsis grow">{typeset(name)}</span>{ordered ? <span className="flow-order">{edge.default ? t('最后') : t('先看第 {{n}}', { n: order + 1 })}</span> : null}<More chosen={{ kind: 'edge', id: edge.id }} name={name} /></div>
      <div className="flow-branch-text">{typeset(sayBranch(edge, host, t, names))}</div>
      <Shift edge={edge.id} by={1} hidden={order === siblings - 1} />
      <Notes mark={data.mark} />
    </div>
  )
})

const MergeThing = memo(({ data }: NodeProps<Thing>) => <div className={classOf(data, 'flow-merge')}><Ports free={false} /></div>)

const FoldedThing = memo(({ data }: NodeProps<Thing>) => {
  const { t } = useTranslation()
  const { fold, title } = useDesk()
  const { node, thing } = data
  if (!node || !thing.node) return null
  const id = thing.node
  return (
    <div className={classOf(data, 'flow-folded')}>
      <Ports free={false} />
      <button type="button" className="flow-unfold" onClick={(event) => { stop(event); fold(id) }}><PlusSquareOutlined aria-hidden="true" /> <span className="ellipsis">{typeset(pick(node, 'name') || title(node.type))}</span> <span className="soft nowrap">{t('{{branches}} 条分支，{{nodes}} 步', thing.hidden ?? { branches: 0, nodes: 0 })}</span></button>
      <Notes mark={data.mark} />
    </div>
  )
})

export const NODE_VIEWS = { card: CardThing, gateway: GatewayThing, pill: PillThing, branch: BranchThing, merge: MergeThing, folded: FoldedThing }
