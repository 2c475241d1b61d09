/** A test run with sample data: the path lights up, and every step shows what went in and what came out. */
import { CaretRightOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Json, Values } from '../../api/types'
import { useMe } from '../../app/query'
import type { Mark } from '../../components/flow/desk'
import { nodeIcon } from '../../components/flow/icons'
import { Moment } from '../../components/moment'
import { Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { pick } from '../../i18n'
import type { Flow } from '../../lib/flow/model'
import type { Names } from '../../lib/flow/words'
import { type Sample, SampleForm } from './sample'
import { useTable } from './store'

interface Step {
  node: string
  type: string
  at: string
  left?: string
  input: Values
  output: Values
  status?: string
  people: { user: string; name: string; state: string }[]
  effects: { type: string; [key: string]: Json }[]
}

interface Trial {
  status: string
  steps: Step[]
  edges: string[]
  work: string[]
  incident: { node: string; reason: string; message?: string; message_en?: string } | null
  refusals: { node?: string; message: string; message_en: string }[]
}

const ASKED = new Set(['approval', 'task', 'each'])

const marksOf = (trial: Trial): Map<string, Mark> => {
  const marks = new Map<string, Mark>()
  trial.steps.forEach((step, index) => {
    const before = marks.get(step.node)?.notes ?? []
    const open = trial.work.some((item) => item.split(/[:[]/)[0] === step.node)
    marks.set(step.node, { tone: open ? 'active' : 'done', notes: [...before, { text: String(index + 1), tone: open ? 'info' : 'good' }] })
  })
  if (trial.incident) marks.set(trial.incident.node, { tone: 'problem', notes: [] })
  return marks
}

const sayValue = (value: Json | undefined): string => (value === null || value === undefined ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value))

/** What came out new or different. */
const written = (step: Step): [string, Json][] => Object.entries(step.output).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(step.input[name]) && value !== undefined) as [string, Json][]

const Data = ({ values, names }: { values: [string, Json][]; names: Names }) => {
  const { t } = useTranslation()
  if (values.length === 0) return <p className="faint">{t('没有')}</p>
  return <dl className="facts trial-data">{values.map(([name, value]) => <div key={name}><dt title={name}>{names.field(name)}</dt><dd className="num ellipsis" title={sayValue(value)}>{sayValue(value)}</dd></div>)}</dl>
}

const StepItem = ({ step, number, flow, names }: { step: Step; number: number; flow: Flow; names: Names }) => {
  const { t } = useTranslation()
  const jump = useTable((state) => state.jump)
  const node = flow.nodes[step.node]
  const shown = Object.entries(step.input).filter(([name]) => name !== 'form' && name !== 'record_id')
  return (
    <li className="trial-step">
      <details onToggle={(event) => { if (event.currentTarget.open) jump(step.node) }}>
        <summary><span className="num faint">{number}</span> <span aria-hidden="true">{nodeIcon(step.type)}</span> <strong className="ellipsis">{pick(node, 'name') || (node?.type === 'exclusive' || node?.type === 'parallel' ? t('汇合') : step.node)}</strong> <span className="faint ellipsis">{step.people.map((person) => person.name || person.user).join('、')}</span> <span className="faint nowrap"><Moment at={step.at} /></span></summary>
        <h4>{t('进来时')}</h4><Data values={shown} names={names} />
        <h4>{t('出去时变了')}</h4><Data values={written(step)} names={names} />
        {step.effects.length > 0 ? <><h4>{t('会做的事')}</h4><pre className="diff">{step.effects.map((effect) => JSON.stringify(Object.fromEntries(Object.entries(effect).filter(([name]) => name !== 'id')), null, 1)).join('\n')}</pre></> : null}
      </details>
    </li>
  )
}

const Answers = ({ flow, answers, onChange }: { flow: Flow; answers: Record<string, Json>; onChange: (answers: Record<string, Json>) => void }) => {
  const { t } = useTranslation()
  const asked = Object.entries(flow.nodes).filter(([, node]) => ASKED.has(node.type))
  const options = [{ value: '', label: t('同意') }, { value: 'reject', label: t('驳回') }, { value: 'return', label: t('退回发起人一次') }, { value: 'wait', label: t('不处理，等到超时') }]
  return (
    <details className="trial-answers">
      <summary>{t('每一步的人怎么办')} <span className="faint">{t('不设就都同意')}</span></summary>
      {asked.map(([id, node]) => {
        const given = answers[id]
        const value = Array.isArray(given) ? 'return' : typeof given === 'string' ? given : ''
        const set = (next: string): void => {
          const { [id]: _, ...rest } = answers
          onChange(next === '' ? rest : { ...rest, [id]: next === 'return' ? [{ op: 'return', to: 'START' }, 'approve'] : next })
        }
        return <div key={id} className="row trial-answer"><span className="grow ellipsis">{node.name ?? id}</span><Select size="small" aria-label={node.name ?? id} value={value} onChange={set} options={node.type === 'approval' ? options : [{ value: '', label: t('办完') }, { value: 'wait', label: t('不处理，等到超时') }]} style={{ width: 160 }} /></div>
      })}
    </details>
  )
}

const Outcome = ({ trial }: { trial: Trial }) => {
  const { t } = useTranslation()
  if (trial.incident) return <Alert type="error" showIcon title={t('在这一步停下了，要管理员处理')} description={pick(trial.incident, 'message') || trial.incident.reason} />
  const [refusal] = trial.refusals
  if (refusal) return <Alert type="warning" showIcon title={t('有一步不能这样做')} description={pick(refusal, 'message')} />
  return <p className="row"><span>{t('走完了 {{n}} 步，', { n: trial.steps.length })}</span><StateTag state={trial.status} /></p>
}

export const TrialPanel = ({ flow, names, blocked }: { flow: Flow; names: Names; blocked: number }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [sample, setSample] = useState<Sample>({ initiator: user.key, record: null, values: {} })
  const [answers, setAnswers] = useState<Record<string, Json>>({})
  const lay = useTable((state) => state.lay)
  const run = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.post<Trial>('/workflows/test', { definition: flow, initiator: sample.initiator, variables: sample.values, answers, ...(sample.record === null ? {} : { record_id: sample.record }) }),
    onSuccess: (trial) => lay({ marks: marksOf(trial), lit: new Set(trial.edges) }),
  })
  return (
    <div className="stack tight">
      <p className="soft">{t('用样例走一遍：不留记录，也不会通知任何人。')}</p>
      <SampleForm flow={flow} sample={sample} onChange={setSample} />
      <Answers flow={flow} answers={answers} onChange={setAnswers} />
      <Button type="primary" icon={<CaretRightOutlined />} loading={run.isPending} disabled={blocked > 0} onClick={() => run.mutate()}>{t('走一遍')}</Button>
      {blocked > 0 ? <p className="who-reason">{t('先改好 {{n}} 处问题，才能试。', { n: blocked })}</p> : null}
      {run.isError ? <Failed error={run.error} /> : null}
      {run.data ? (
        <>
          <Outcome trial={run.data} />
          <ol className="trial-steps">{run.data.steps.map((step, index) => <StepItem key={`${step.node}-${index}`} step={step} number={index + 1} flow={flow} names={names} />)}</ol>
        </>
      ) : null}
    </div>
  )
}
