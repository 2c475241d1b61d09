/** A record's fields as the form lays them out: sections, tabs, columns; one column on the phone. */
import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Block, FormField, Problem } from '../../api/types'
import { pick } from '../../i18n'
import { blocksOf, fieldOrder } from '../../lib/form/layout'
import type { LiveForm } from '../../lib/form/live'
import { FieldItem } from './field-item'
import { useLive } from './use-live'
import './record-form.css'

interface Props {
  live: LiveForm
  readOnly?: boolean
  problems: readonly Problem[]
  labels?: Record<string, string>
  access?: Record<string, 'read' | 'write' | 'hide'>
  onEdited?: (key: string) => void
}

/** The field that a problem's path speaks of: `$.values.code`, `$.code`, `$.lines[0].sku` → code, code, lines. */
export const fieldOfPath = (path: string): string => /^\$?\.?(?:values\.)?([a-z][a-z0-9_]*)/.exec(path)?.[1] ?? ''

const wordsOf = (problem: Problem): string => {
  const place = /\[(\d+)\]/.exec(problem.path)?.[1]
  const text = [pick(problem, 'message'), pick(problem, 'hint')].filter(Boolean).join(' ')
  return place === undefined ? text : `${Number(place) + 1}: ${text}`
}

interface Shared extends Required<Omit<Props, 'labels' | 'access'>> {
  labels: Record<string, string>
  access: Record<string, 'read' | 'write' | 'hide'>
  byKey: ReadonlyMap<string, FormField>
}

const NOTHING = {}
const ignore = (): void => undefined

const Field = ({ shared, name }: { shared: Shared; name: string }) => {
  const field = shared.byKey.get(name)
  if (!field || field.hidden) return null
  const problem = shared.problems.filter((one) => fieldOfPath(one.path) === name).map(wordsOf).join('；')
  const right = shared.access[name] ?? 'write'
  return <FieldItem live={shared.live} field={field} readOnly={shared.readOnly || right === 'read'} hiddenAccess={right === 'hide'} problem={problem || undefined} label={shared.labels[name]} onEdited={shared.onEdited} />
}

/** Whether a block has anything to show now. */
const useShown = (shared: Shared, blocks: readonly Block[]): boolean =>
  useLive(shared.live, (form) => blocks.some((block) => (block.type === 'text' || fieldOrder([block]).some((key) => !form.states.hidden.has(key) && !shared.byKey.get(key)?.hidden && shared.access[key] !== 'hide'))))

const Section = ({ shared, block }: { shared: Shared; block: Block }) => {
  const items = block.items ?? []
  const shown = useShown(shared, items)
  const marked = fieldOrder(items).some((key) => shared.problems.some((problem) => fieldOfPath(problem.path) === key))
  const [closed, setClosed] = useState(block.collapsed === true)
  const open = !closed || marked
  if (!shown) return null
  return (
    <section className="record-section">
      {block.title || block.title_en ? <h3><button type="button" aria-expanded={open} onClick={() => setClosed(open)}>{open ? <DownOutlined aria-hidden="true" /> : <RightOutlined aria-hidden="true" />} {pick(block, 'title')}</button></h3> : null}
      {open ? <div className={`record-grid columns-${block.columns ?? 2}`}><Blocks shared={shared} blocks={items} /></div> : null}
    </section>
  )
}

const TabsBlock = ({ shared, block }: { shared: Shared; block: Block }) => {
  const { t } = useTranslation()
  const marked = (tab: Block): boolean => fieldOrder(tab.items ?? []).some((key) => shared.problems.some((problem) => fieldOfPath(problem.path) === key))
  return <Tabs className="record-tabs wide" items={(block.items ?? []).map((tab, index) => ({ key: String(index), forceRender: true, label: <span className={marked(tab) ? 'critical-word' : ''}>{pick(tab, 'title') || t('标签页 {{n}}', { n: index + 1 })}</span>, children: <div className={`record-grid columns-${tab.columns ?? 2}`}><Blocks shared={shared} blocks={tab.items ?? []} /></div> }))} />
}

const Blocks = ({ shared, blocks }: { shared: Shared; blocks: readonly Block[] }) => (
  <>
    {blocks.map((block, index) => {
      if (block.type === 'field') return <Field key={block.field} shared={shared} name={block.field ?? ''} />
      if (block.type === 'section' || block.type === 'columns') return <Section key={index} shared={shared} block={block} />
      if (block.type === 'tabs') return <TabsBlock key={index} shared={shared} block={block} />
      if (block.type === 'text') return <p key={index} className="record-text wide prewrap">{block.text}</p>
      return block.type === 'divider' ? <hr key={index} className="wide" /> : null
    })}
  </>
)

export const RecordForm = ({ live, readOnly = false, problems, labels = NOTHING, access = NOTHING, onEdited = ignore }: Props) => {
  const shared: Shared = { live, readOnly, problems, labels, access, onEdited, byKey: new Map(live.form.fields.map((field) => [field.key, field])) }
  return <div className={`record-grid top ${readOnly ? 'reading' : ''}`}><Blocks shared={shared} blocks={blocksOf(live.form)} /></div>
}
