/** One branch: its name and when it is taken. */
import { Button, Form, Input, Segmented, Switch } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormulaEditor } from '../../../components/formula/editor'
import { useCheck, useFields } from '../../../components/formula/use-check'
import { CardSkeleton } from '../../../components/states'
import { boundaryOf, type FlowEdge, hostOf } from '../../../lib/flow/model'
import { changeEdge, changeNode, makeDefault } from '../lib/edit'
import { edit } from '../store'
import { usePanel } from './context'
import { DurationInput } from './inputs'

const ConditionBuilder = lazy(() => import('../../../components/conditions/builder').then((module) => ({ default: module.ConditionBuilder })))

const NO_NAMES: Record<string, string> = {}

const Condition = ({ edge }: { edge: FlowEdge }) => {
  const { t } = useTranslation()
  const { flow, words, names, readOnly } = usePanel()
  const form = flow.form ?? ''
  const source = edge.condition ?? ''
  const fields = useFields(form)
  const check = useCheck({ source, over: form, result: 'boolean' })
  const sound = check.data !== undefined && check.data.problems.length === 0
  const drawable = form !== '' && (source === '' || (sound && check.data.groups !== null))
  const [asText, setAsText] = useState(false)
  const change = (next: string): void => edit((now) => changeEdge(now, edge.id, { condition: next.trim() === '' ? undefined : next, default: undefined }), `condition:${edge.id}`)
  const drawn = drawable && !asText && fields.data !== undefined
  return (
    <div className="stack tight">
      <Segmented size="small" value={drawn ? 'drawn' : 'text'} onChange={(value) => setAsText(value === 'text')} options={[{ value: 'drawn', label: t('选条件'), disabled: !drawable }, { value: 'text', label: t('写公式') }]} />
      {!asText && source !== '' && form !== '' && check.isPending ? <CardSkeleton lines={2} /> : drawn ? (
        <Suspense fallback={null}><ConditionBuilder key={edge.id} source={source} groups={check.data?.groups ?? null} fields={fields.data ?? []} names={NO_NAMES} words={words} onChange={change} /></Suspense>
      ) : <FormulaEditor value={source} onChange={(next) => { setAsText(true); change(next) }} words={words} label={t('条件')} placeholder={t('例如 amount > 50000')} readOnly={readOnly} />}
      {source ? <p className="soft">{names.say(source)}</p> : <p className="faint">{t('还没有条件。条件成立时走这条分支。')}</p>}
    </div>
  )
}

export const BranchPanel = ({ edge }: { edge: FlowEdge }) => {
  const { t } = useTranslation()
  const { flow, readOnly } = usePanel()
  const hostId = hostOf(edge.from)
  const host = flow.nodes[hostId]
  const late = boundaryOf(edge.from)
  const conditional = late === null && host?.type !== 'parallel' && host?.type !== 'event'
  const setLate = (after: unknown): void => edit((now) => changeNode(now, hostId, { boundary: host?.boundary?.map((each) => (each.id === late ? { ...each, after: String(after ?? 'PT4H') } : each)) }), `late:${edge.id}`)
  return (
    <Form layout="vertical" className="flow-form">
      <Form.Item label={t('分支名称')}><Input aria-label={t('分支名称')} readOnly={readOnly} value={edge.name ?? ''} onChange={(event) => edit((now) => changeEdge(now, edge.id, { name: event.target.value || undefined }), `name:${edge.id}`)} /></Form.Item>
      {late !== null ? <Form.Item label={t('到达后多久还没办完')}><DurationInput label={t('多久')} value={host?.boundary?.find((each) => each.id === late)?.after} onChange={setLate} /></Form.Item> : null}
      {conditional && (host?.type === 'exclusive' || host?.type === 'inclusive') ? (
        <Form.Item label={t('其他情况都走这条')}><Switch aria-label={t('其他情况都走这条')} disabled={readOnly} checked={edge.default === true} onChange={(on) => edit((now) => (on ? makeDefault(now, edge.id) : changeEdge(now, edge.id, { default: undefined })))} /></Form.Item>
      ) : null}
      {conditional && !edge.default ? <Form.Item label={t('什么时候走这条')}><Condition key={edge.id} edge={edge} /></Form.Item> : null}
      {host?.type === 'parallel' ? <p className="faint">{t('并行的每一条都会走，不用条件。')}</p> : null}
      {conditional && edge.condition && !readOnly ? <Button size="small" onClick={() => edit((now) => changeEdge(now, edge.id, { condition: undefined }))}>{t('清空条件')}</Button> : null}
    </Form>
  )
}
