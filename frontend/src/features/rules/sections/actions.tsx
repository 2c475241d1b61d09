/** What happens then: who is told, and whether replenishment and its approval start by themselves. */
import { DeleteOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { DefinitionItem, Page, RuleAction, RuleDefinition } from '../../../api/types'
import { levelName } from '../../../components/status'
import { BuilderSection } from '../section'
import { useBuilder, useRule } from '../store'

const useNoun = (noun: string) => useQuery({ queryKey: [noun], queryFn: () => api.get<Page<DefinitionItem>>(`/${noun}`), staleTime: 60_000 })

const Choice = ({ noun, value, onChange, label, none }: { noun: string; value: string | undefined; onChange: (value: string | undefined) => void; label: string; none?: string }) => {
  const found = useNoun(noun)
  const options = found.data?.items.map((item) => ({ value: item.key, label: item.name })) ?? []
  if (value && !options.some((option) => option.value === value)) options.unshift({ value, label: value })
  return <Select aria-label={label} value={value ?? ''} style={{ minWidth: 180 }} onChange={(next: string) => onChange(next || undefined)} options={none === undefined ? options : [{ value: '', label: none }, ...options]} />
}

const LEVEL_TEST = /^level == '([a-z]+)'$/

const OnlyWhen = ({ action, levels, onChange }: { action: RuleAction; levels: string[]; onChange: (condition: string | undefined) => void }) => {
  const { t } = useTranslation()
  const level = LEVEL_TEST.exec(action.if ?? '')?.[1]
  if (action.if && !level) return <span className="mono faint">{action.if}</span>
  return <Select aria-label={t('哪些级别')} value={level ?? ''} style={{ minWidth: 130 }} onChange={(next: string) => onChange(next ? `level == '${next}'` : undefined)} options={[{ value: '', label: t('所有级别') }, ...levels.map((name) => ({ value: name, label: t('只在{{level}}时', { level: t(levelName(name)) }) }))]} />
}

const Line = ({ title, on, onToggle, children }: { title: string; on: boolean; onToggle: (on: boolean) => void; children: ReactNode }) => (
  <div className="action-line">
    <Switch checked={on} onChange={onToggle} aria-label={title} />
    <span className="action-title">{title}</span>
    {on ? <span className="row wrap">{children}</span> : null}
  </div>
)

/** The order of the shipped rules: tell, work out the quantity, ask for approval. */
const ORDER: RuleAction['type'][] = ['notify', 'replenish', 'start_workflow', 'create_record', 'webhook']

const withAction = (rule: RuleDefinition, type: RuleAction['type'], patch: Partial<RuleAction> | null): RuleAction[] => {
  const rest = (rule.actions ?? []).filter((action) => action.type !== type)
  const mine = (rule.actions ?? []).find((action) => action.type === type)
  const next = patch === null ? rest : [...rest, Object.fromEntries(Object.entries({ ...mine, ...patch, type }).filter(([, value]) => value !== undefined)) as unknown as RuleAction]
  return next.sort((one, other) => ORDER.indexOf(one.type) - ORDER.indexOf(other.type))
}

export const ActionsSection = () => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const workflows = useNoun('workflows')
  const find = (type: RuleAction['type']): RuleAction | undefined => rule.actions?.find((action) => action.type === type)
  const set = (type: RuleAction['type'], patch: Partial<RuleAction> | null): void => change({ actions: withAction(rule, type, patch) })
  const [notify, replenish, workflow] = [find('notify'), find('replenish'), find('start_workflow')]
  const others = rule.actions?.filter((action) => action.type === 'create_record' || action.type === 'webhook') ?? []
  const levels = [...new Set(rule.levels.map((level) => level.level))]
  return (
    <BuilderSection name="actions" title={t('报警之后')}>
      <div className="stack">
        <Line title={t('通知')} on={notify !== undefined} onToggle={(on) => set('notify', on ? {} : null)}>
          <Choice noun="routes" label={t('通知谁')} none={t('商品负责人')} value={rule.route} onChange={(route) => change({ route })} />
          {notify ? <OnlyWhen action={notify} levels={levels} onChange={(condition) => set('notify', { if: condition })} /> : null}
        </Line>
        <Line title={t('算补货量并生成任务')} on={replenish !== undefined} onToggle={(on) => set('replenish', on ? {} : null)}>
          <Choice noun="policies" label={t('补货策略')} none={t('默认策略')} value={replenish?.policy} onChange={(policy) => set('replenish', { policy })} />
          {replenish ? <OnlyWhen action={replenish} levels={levels} onChange={(condition) => set('replenish', { if: condition })} /> : null}
        </Line>
        <Line title={t('发起审批')} on={workflow !== undefined} onToggle={(on) => set('start_workflow', on ? { workflow: workflows.data?.items[0]?.key ?? 'replenishment_approval' } : null)}>
          <Choice noun="workflows" label={t('哪个流程')} value={workflow?.workflow} onChange={(key) => set('start_workflow', { workflow: key })} />
          {workflow ? <OnlyWhen action={workflow} levels={levels} onChange={(condition) => set('start_workflow', { if: condition })} /> : null}
        </Line>
        {others.map((action, index) => (
          <div className="action-line" key={index}>
            <span className="action-title mono">{action.type}</span>
            <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => change({ actions: rule.actions?.filter((item) => item !== action) })} />
          </div>
        ))}
      </div>
    </BuilderSection>
  )
}
