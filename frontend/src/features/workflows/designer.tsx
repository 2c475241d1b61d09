/** The workflow designer: the canvas, and beside it the settings, the problems, who approves, a test run, running instances. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Drawer, Modal, Tabs } from 'antd'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../../api/client'
import type { Definition } from '../../api/types'
import { can, useMe } from '../../app/query'
import { type Draft, type Kept, useDraft } from '../../components/draft/use-draft'
import { useKeys } from '../../components/draft/use-keys'
import { VersionsDrawer } from '../../components/draft/versions'
import { FlowCanvas } from '../../components/flow/canvas'
import type { Desk, Mark } from '../../components/flow/desk'
import { useNames } from '../../components/flow/names'
import { CardSkeleton, Failed, PageSkeleton } from '../../components/states'
import { usePhone } from '../../components/use-phone'
import { pick } from '../../i18n'
import type { Flow } from '../../lib/flow/model'
import type { Names } from '../../lib/flow/words'
import { DesignerHeader } from './header'
import { type NodeKind, useKinds } from './lib/kinds'
import { ProblemsPanel } from './problems-panel'
import { startFlow, type Side, useFlow, useFlowStore, useHistory, useTable } from './store'
import { CanvasToolbar, type Focusable } from './toolbar'
import { KEYS, useCanvasKeys } from './use-canvas-keys'
import { useEditing } from './use-editing'
import { useProblemMarks, useProblems } from './use-problems'
import './workflows.css'

const SettingsPanel = lazy(() => import('./panel/panel').then((module) => ({ default: module.SettingsPanel })))
const WhoPanel = lazy(() => import('./who').then((module) => ({ default: module.WhoPanel })))
const TrialPanel = lazy(() => import('./trial').then((module) => ({ default: module.TrialPanel })))
const LivePanel = lazy(() => import('./live').then((module) => ({ default: module.LivePanel })))
const PublishModal = lazy(() => import('./publish').then((module) => ({ default: module.PublishModal })))
const CompareModal = lazy(() => import('./compare').then((module) => ({ default: module.CompareModal })))
const InsertMenu = lazy(() => import('./insert-menu').then((module) => ({ default: module.InsertMenu })))

type Loaded = Definition<Flow>

const read = (): Flow | null => useFlowStore.getState().definition
const load = (flow: Flow): void => useFlowStore.getState().load(flow)

const Conflict = ({ flow, draft }: { flow: string; draft: Draft<Flow> }) => {
  const { t } = useTranslation()
  const latest = useQuery({ queryKey: ['workflow', flow, 'conflict'], queryFn: () => api.get<Loaded>(`/workflows/${flow}`), staleTime: 0 })
  const other = latest.data?.draft
  return (
    <Alert className="conflict" type="warning" showIcon title={other?.updated_by ? t('{{who}} 也在改这个流程，两边都没有丢', { who: other.updated_by }) : t('别人也在改这个流程，两边都没有丢')} action={other ? <span className="row"><Button size="small" onClick={() => draft.adopt(other.etag, other.definition)}>{t('用对方的')}</Button><Button size="small" type="primary" onClick={() => draft.overwrite(other.etag)}>{t('用我的')}</Button></span> : null} />
  )
}

const SideTabs = ({ kinds, names, readOnly, problems, known }: { kinds: readonly NodeKind[]; names: Names; readOnly: boolean; problems: ReturnType<typeof useProblems>['problems']; known: boolean }) => {
  const { t } = useTranslation()
  const flow = useFlow()
  const side = useTable((state) => state.side)
  const open = useTable((state) => state.open)
  const items = [
    { key: 'settings', label: t('设置'), children: <SettingsPanel kinds={kinds} names={names} readOnly={readOnly} /> },
    { key: 'problems', label: problems.length > 0 ? t('问题 {{n}}', { n: problems.length }) : t('问题'), children: <ProblemsPanel problems={problems} known={known} /> },
    { key: 'who', label: t('谁审批'), children: <WhoPanel flow={flow} names={names} blocked={problems.length} /> },
    ...(readOnly ? [] : [{ key: 'trial', label: t('试运行'), children: <TrialPanel flow={flow} names={names} blocked={problems.length} /> }]),
    { key: 'live', label: t('运行情况'), children: <LivePanel flow={flow} /> },
  ]
  return <Tabs size="small" className="flow-tabs" activeKey={side} onChange={(key) => open(key as Side)} items={items.map((item) => ({ ...item, children: <Suspense fallback={<CardSkeleton lines={5} />}>{item.children}</Suspense> }))} destroyOnHidden />
}

const NO_MARKS: ReadonlyMap<string, Mark> = new Map()

const Help = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  return <Modal open title={t('快捷键')} footer={null} onCancel={onClose}><dl className="facts">{KEYS.map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(text)}</dd></div>)}</dl></Modal>
}

const Designer = ({ loaded, initial }: { loaded: Loaded; initial: Flow }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const phone = usePhone()
  const flow = useFlow()
  const kept = useMemo<Kept<Flow>>(() => ({ definition: flow, read, load }), [flow])
  const readOnly = !can(user.roles, 'designer')
  const draft = useDraft('workflows', loaded.key, kept, { etag: loaded.draft?.etag ?? null, definition: initial, problems: loaded.problems ?? [] })
  const { problems, known } = useProblems(flow, !readOnly)
  const problemMarks = useProblemMarks(flow, problems)
  const kinds = useKinds()
  const names = useNames(flow.form)
  const title = useCallback((type: string): string => pick(kinds.find((kind) => kind.type === type), 'title') || type, [kinds])
  const { editing, inserting, insert, pasteHere, close, open } = useEditing(title)
  const table = useTable()
  const [dialog, setDialog] = useState<'publish' | 'versions' | 'compare' | 'help' | null>(null)
  const search = useRef<Focusable | null>(null)
  const { select, fold, side, overlay, chosen } = table
  const desk = useMemo<Desk>(() => ({ flow, names, title, select, fold, editing: readOnly || phone ? undefined : editing }), [flow, names, title, select, fold, editing, readOnly, phone])
  const marks = useMemo(() => (overlay.marks.size > 0 && side !== 'settings' && side !== 'problems' ? overlay.marks : problemMarks.size > 0 ? problemMarks : NO_MARKS), [overlay, side, problemMarks])
  const undo = useHistory((state) => state.undo)
  const redo = useHistory((state) => state.redo)
  useKeys(undo, redo, draft.flush)
  const acts = useMemo(() => ({ readOnly: readOnly || phone, add: open, search: () => search.current?.focus(), help: () => setDialog('help') }), [readOnly, phone, open])
  useCanvasKeys(acts)
  const tabs = <SideTabs kinds={kinds} names={names} readOnly={readOnly} problems={problems} known={known} />
  return (
    <div className="page flow-page">
      <DesignerHeader flow={flow} version={loaded.version} hasDraft={loaded.draft !== null} draft={draft} readOnly={readOnly} problems={problems.length} onPublish={() => setDialog('publish')} onVersions={() => setDialog('versions')} onCompare={() => setDialog('compare')} onHelp={() => setDialog('help')} />
      {draft.state === 'conflict' ? <Conflict flow={loaded.key} draft={draft} /> : null}
      <div className="flow-desk">
        <div className="flow-canvas-box card">
          <FlowCanvas desk={desk} view={table.view} folded={table.folded} chosen={chosen} marks={marks} lit={side === 'trial' ? overlay.lit : undefined} focus={table.focus} map={!phone}>
            {phone ? null : <CanvasToolbar names={names} title={title} search={search} />}
          </FlowCanvas>
        </div>
        {phone ? null : <aside className="flow-side card" aria-label={t('设置')}>{tabs}</aside>}
      </div>
      {phone ? <p className="faint">{t('手机上可以看、可以改设置；加减步骤请用电脑。')}</p> : null}
      {phone && chosen ? <Drawer open placement="bottom" size="70vh" title={t('设置')} onClose={() => select(null)}>{tabs}</Drawer> : null}
      <Suspense fallback={null}>
        {inserting ? <InsertMenu at={inserting.at} kinds={kinds} mayEnd={inserting.mayEnd} mayPaste={table.clipboard !== null} onPick={insert} onPaste={pasteHere} onClose={close} /> : null}
        {dialog === 'publish' ? <PublishModal flow={flow} version={loaded.version} flush={draft.flush} onClose={() => setDialog(null)} onPublished={() => { setDialog(null); draft.adopt(null, read() ?? flow) }} /> : null}
        {dialog === 'versions' ? <VersionsDrawer noun="workflows" itemKey={loaded.key} current={loaded.version} readOnly={readOnly} onClose={() => setDialog(null)} onRolledBack={() => window.location.reload()} /> : null}
        {dialog === 'compare' ? <CompareModal flow={flow} desk={desk} onClose={() => setDialog(null)} /> : null}
      </Suspense>
      {dialog === 'help' ? <Help onClose={() => setDialog(null)} /> : null}
    </div>
  )
}

const DesignerPage = () => {
  const { key = '' } = useParams()
  const found = useQuery({ queryKey: ['workflow', key], queryFn: () => api.get<Loaded>(`/workflows/${key}`), staleTime: 0, refetchOnWindowFocus: false })
  const [initial, setInitial] = useState<Flow | null>(null)
  const ready = useFlowStore((state) => state.definition?.key === key)
  useEffect(() => {
    const definition = found.data?.draft?.definition ?? found.data?.definition
    if (!definition || initial?.key === key) return
    startFlow(definition)
    setInitial(definition)
  }, [found.data, key, initial])
  useEffect(() => () => startFlow(null), [])
  if (found.isError) return <div className="page"><div className="card"><Failed error={found.error} retry={() => void found.refetch()} /></div></div>
  if (!found.data || !ready || initial?.key !== key) return <PageSkeleton />
  return <Designer key={key} loaded={found.data} initial={initial} />
}

export default DesignerPage
