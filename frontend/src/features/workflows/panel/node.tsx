/** One step: its name, what it does in a sentence, and its settings in tabs. */
import { Form, Input, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { nodeIcon } from '../../../components/flow/icons'
import { pick } from '../../../i18n'
import { typeset } from '../../../lib/typeset'
import { changeNode } from '../lib/edit'
import type { NodeKind } from '../lib/kinds'
import { edit } from '../store'
import { usePanel } from './context'
import { Permissions } from './permissions'
import type { Setting, Tab } from './schema'
import { tabsOf } from './schema'
import { SettingsFields } from './settings'

const TITLES: Record<Tab, string> = { main: '设置', fields: '字段权限', time: '时限', more: '更多' }

/** The matrix of fields stands for these three lists. */
const IN_MATRIX = new Set(['write', 'read', 'hide'])

const asProperties = (kind: NodeKind | undefined): Record<string, Setting> => (kind?.schema as { properties?: Record<string, Setting> } | undefined)?.properties ?? {}

export const NodePanel = ({ kind }: { kind: NodeKind | undefined }) => {
  const { t } = useTranslation()
  const { flow, node: id, readOnly } = usePanel()
  const node = flow.nodes[id]
  if (!node) return null
  const change = (patch: Record<string, unknown>): void => edit((now) => changeNode(now, id, patch), `${id}:${Object.keys(patch).join()}`)
  const properties = asProperties(kind)
  const tabs = [...tabsOf(properties)]
  const items = tabs.map(([tab, names]) => ({
    key: tab,
    label: t(TITLES[tab]),
    children: (
      <Form layout="vertical" className="flow-form" disabled={readOnly}>
        {names.some((name) => IN_MATRIX.has(name)) ? <Permissions node={node} onChange={change} /> : null}
        <SettingsFields properties={properties} names={names.filter((name) => !IN_MATRIX.has(name))} values={node} onChange={change} />
      </Form>
    ),
  }))
  return (
    <div className="stack tight">
      <div className="node-head"><span className="node-head-icon" aria-hidden="true">{nodeIcon(node.type)}</span><Input id="flow-node-name" aria-label={t('步骤名称')} variant="filled" readOnly={readOnly} placeholder={pick(kind, 'title')} value={node.name ?? ''} maxLength={200} onChange={(event) => change({ name: event.target.value || undefined })} /></div>
      <p className="soft node-sentence">{typeset(pick(kind, 'sentence'))}</p>
      {items.length > 1 ? <Tabs key={id} size="small" items={items} /> : (items[0]?.children ?? <p className="faint">{t('这一步没有要设置的。')}</p>)}
    </div>
  )
}
