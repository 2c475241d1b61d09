/** The rule builder: sections of questions at the left, what it means right now at the right. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, ConfigProvider } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../../api/client'
import type { Definition, RuleDefinition, RunResult } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import { type Draft, type Kept, useDraft } from '../../components/draft/use-draft'
import { CardSkeleton, Failed, PageSkeleton } from '../../components/states'
import { BuilderHeader } from './header'
import { Preview } from './preview'
import { ProblemsCard, useProblems } from './problems-card'
import { useSampleChoice } from './sample'
import { SamplePicker } from './sample-picker'
import { ActionsSection } from './sections/actions'
import { BasicsSection } from './sections/basics'
import { DuringSection } from './sections/during'
import { LevelsSection } from './sections/levels'
import { OverridesSection } from './sections/overrides'
import { ScheduleSection } from './sections/schedule'
import { SteadySection } from './sections/steady'
import { TestsSection } from './sections/tests'
import { ValuesSection } from './sections/values'
import { loadRule, useBuilder, useRule } from './store'
import './rules.css'

const VersionsDrawer = lazy(() => import('../../components/draft/versions').then((module) => ({ default: module.VersionsDrawer })))
const Backtest = lazy(() => import('./backtest'))
const PublishModal = lazy(() => import('./publish').then((module) => ({ default: module.PublishModal })))
const RunResultModal = lazy(() => import('./run-result').then((module) => ({ default: module.RunResultModal })))

type Loaded = Definition<RuleDefinition>

const KEPT: Pick<Kept<RuleDefinition>, 'read' | 'load'> = { read: () => useBuilder.getState().definition, load: (definition) => useBuilder.getState().load(definition) }

const Conflict = ({ rule, draft }: { rule: string; draft: Draft<RuleDefinition> }) => {
  const { t } = useTranslation()
  const latest = useQuery({ queryKey: ['rule', rule, 'conflict'], queryFn: () => api.get<Loaded>(`/rules/${rule}`), staleTime: 0 })
  const other = latest.data?.draft
  return (
    <Alert
      className="conflict"
      type="warning"
      showIcon
      title={other?.updated_by ? t('{{who}} 也在改这条规则，两边都没有丢', { who: other.updated_by }) : t('别人也在改这条规则，两边都没有丢')}
      action={other ? (
        <span className="row">
          <Button size="small" onClick={() => draft.adopt(other.etag, other.definition)}>{t('用对方的')}</Button>
          <Button size="small" type="primary" onClick={() => draft.overwrite(other.etag)}>{t('用我的')}</Button>
        </span>
      ) : null}
    />
  )
}

const Editor = ({ loaded, initial }: { loaded: Loaded; initial: RuleDefinition }) => {
  const { user } = useMe()
  const rule = useRule()
  const readOnly = !can(user.roles, 'designer')
  const draft = useDraft('rules', loaded.key, { ...KEPT, definition: rule }, { etag: loaded.draft?.etag ?? null, definition: initial, problems: loaded.problems ?? [] })
  const { problems, known, sound } = useProblems(rule, !readOnly)
  const [publishing, setPublishing] = useState(false)
  const [versions, setVersions] = useState(false)
  const [result, setResult] = useState<RunResult | null>(null)
  const run = useMutation({
    mutationFn: () => api.post<RunResult>(`/rules/${loaded.key}/run`),
    onSuccess: (answer) => {
      setResult(answer)
      for (const key of [['rules'], ['overview'], ['list']]) void queryClient.invalidateQueries({ queryKey: key })
    },
  })
  return (
    <div className="page builder">
      <BuilderHeader rule={rule} version={loaded.version} hasDraft={loaded.draft !== null} draft={draft} readOnly={readOnly} running={run.isPending} problems={problems.length} onRun={() => run.mutate()} onPublish={() => setPublishing(true)} onVersions={() => setVersions(true)} />
      {draft.state === 'conflict' ? <Conflict rule={loaded.key} draft={draft} /> : null}
      <div className="builder-grid">
        <ConfigProvider componentDisabled={readOnly}>
          <div className="stack">
            <BasicsSection readOnly={readOnly} />
            <LevelsSection readOnly={readOnly} />
            <ValuesSection readOnly={readOnly} />
            <DuringSection readOnly={readOnly} />
            <ScheduleSection />
            <SteadySection readOnly={readOnly} />
            <ActionsSection />
            <OverridesSection readOnly={readOnly} />
            <TestsSection readOnly={readOnly} />
            <Suspense fallback={<CardSkeleton />}><Backtest rule={rule} published={loaded.version ? loaded.definition : null} /></Suspense>
          </div>
        </ConfigProvider>
        <div className="builder-side">
          <ProblemsCard problems={problems} known={known} />
          <Preview rule={rule} mayCheck={!readOnly} />
          <SamplePicker rule={rule} sound={readOnly || sound} />
        </div>
      </div>
      {publishing ? <Suspense fallback={null}><PublishModal rule={rule} first={!loaded.version} flush={draft.flush} onClose={() => setPublishing(false)} onPublished={(answer) => { setPublishing(false); setResult(answer); draft.adopt(null, useBuilder.getState().definition ?? rule) }} /></Suspense> : null}
      {versions ? <Suspense fallback={null}><VersionsDrawer noun="rules" itemKey={loaded.key} current={loaded.version} readOnly={readOnly} onClose={() => setVersions(false)} onRolledBack={() => window.location.reload()} /></Suspense> : null}
      {result ? <Suspense fallback={null}><RunResultModal result={result} rule={loaded.key} onClose={() => setResult(null)} /></Suspense> : null}
    </div>
  )
}

const BuilderPage = () => {
  const { key = '' } = useParams()
  const found = useQuery({ queryKey: ['rule', key], queryFn: () => api.get<Loaded>(`/rules/${key}`), staleTime: 0, refetchOnWindowFocus: false })
  const [initial, setInitial] = useState<{ key: string; definition: RuleDefinition } | null>(null)
  const ready = useBuilder((state) => state.definition?.key === key)
  const choose = useSampleChoice((state) => state.choose)
  useEffect(() => {
    const definition = found.data?.draft?.definition ?? found.data?.definition
    if (!definition || initial?.key === key) return
    loadRule(definition)
    setInitial({ key, definition })
  }, [found.data, key, initial])
  useEffect(() => () => {
    loadRule(null)
    choose(null, '')
  }, [choose])
  if (found.isError) return <div className="page"><div className="card"><Failed error={found.error} retry={() => void found.refetch()} /></div></div>
  if (!found.data || !ready || initial?.key !== key) return <PageSkeleton />
  return <Editor key={key} loaded={found.data} initial={initial.definition} />
}

export default BuilderPage
