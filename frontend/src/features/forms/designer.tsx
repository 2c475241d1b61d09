/** The form designer: palette, canvas, properties; the draft saves itself and is published when nothing is wrong with it. */
import { DndContext, DragOverlay, type DragStartEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { api } from '../../api/client'
import type { Definition, FormDefinition } from '../../api/types'
import { can, useMe } from '../../app/query'
import { type Draft, type Kept, useDraft } from '../../components/draft/use-draft'
import { Empty, Failed, PageSkeleton } from '../../components/states'
import { usePhone } from '../../components/use-phone'
import { clipped, dropHeld, type Held, pasteField } from './actions'
import { aimAt } from './aim'
import { Canvas } from './canvas'
import { DesignerHeader } from './header'
import { JsonView } from './json-view'
import { LogicView } from './logic'
import { FieldPalette } from './palette'
import { SidePanel } from './panels/side'
import { PreviewView } from './preview'
import { useProblems } from './problems'
import { PublishModal } from './publish'
import { RightsView } from './rights'
import { startForm, useDesk, useForm, useFormStore } from './store'
import './forms.css'

const VersionsDrawer = lazy(() => import('../../components/draft/versions').then((module) => ({ default: module.VersionsDrawer })))

type Loaded = Definition<FormDefinition>

const KEPT: Pick<Kept<FormDefinition>, 'read' | 'load'> = { read: () => useFormStore.getState().definition, load: (definition) => useFormStore.getState().load(definition) }

const Conflict = ({ form, draft }: { form: string; draft: Draft<FormDefinition> }) => {
  const { t } = useTranslation()
  const latest = useQuery({ queryKey: ['form', form, 'conflict'], queryFn: () => api.get<Loaded>(`/forms/${form}`), staleTime: 0 })
  const other = latest.data?.draft
  const actions = other ? (
    <span className="row">
      <Button size="small" onClick={() => draft.adopt(other.etag, other.definition)}>{t('用对方的')}</Button>
      <Button size="small" type="primary" onClick={() => draft.overwrite(other.etag)}>{t('用我的')}</Button>
    </span>
  ) : null
  return <Alert className="conflict" type="warning" showIcon title={t('{{who}} 也在改这张表单，两边都没有丢', { who: other?.updated_by ?? t('别人') })} action={actions} />
}

/** Copy and paste of fields, also between forms and windows; texts keep their own. */
const useClipboard = (): void => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  useEffect(() => {
    const inText = (event: Event): boolean => event.target instanceof Element && event.target.closest('input, textarea, .cm-editor') !== null
    const copy = (event: ClipboardEvent): void => {
      const text = inText(event) || !window.getSelection()?.isCollapsed ? null : clipped()
      if (!text) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      void message.success(t('已复制字段，可以粘贴到任何表单'))
    }
    const paste = (event: ClipboardEvent): void => {
      if (inText(event) || !pasteField(event.clipboardData?.getData('text/plain') ?? '')) return
      event.preventDefault()
      void message.success(t('已粘贴字段'))
    }
    document.addEventListener('copy', copy)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('copy', copy)
      document.removeEventListener('paste', paste)
    }
  }, [message, t])
}

/** While something is dragged the pointer says where it would land. */
const useDragging = () => {
  const [held, setHeld] = useState<{ held: Held; title: string } | null>(null)
  const pointer = useRef<{ x: number; y: number }>({ x: 0, y: 0 })
  const aim = useDesk((state) => state.aim)
  useEffect(() => {
    if (!held) return undefined
    const follow = (event: PointerEvent): void => {
      pointer.current = { x: event.clientX, y: event.clientY }
      aim(aimAt(held.held, event.clientX, event.clientY))
    }
    window.addEventListener('pointermove', follow)
    return () => window.removeEventListener('pointermove', follow)
  }, [held, aim])
  const begin = (event: DragStartEvent): void => setHeld(event.active.data.current as { held: Held; title: string })
  const finish = (): void => {
    if (held) dropHeld(held.held, useDesk.getState().drop)
    cancel()
  }
  const cancel = (): void => {
    setHeld(null)
    aim(null)
  }
  return { held, begin, finish, cancel }
}

const DesignView = ({ published }: { published: ReadonlySet<string> }) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const [adding, setAdding] = useState(false)
  const selected = useDesk((state) => state.selected)
  const select = useDesk((state) => state.select)
  const drag = useDragging()
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: phone ? { delay: 250, tolerance: 8 } : { distance: 6 } }))
  useClipboard()
  return (
    <DndContext sensors={sensors} onDragStart={drag.begin} onDragEnd={drag.finish} onDragCancel={drag.cancel} autoScroll>
      <div className={`designer-grid ${drag.held ? 'is-dragging' : ''}`}>
        {phone ? null : <FieldPalette />}
        <Canvas onAdd={phone ? () => setAdding(true) : undefined} />
        {phone ? null : <aside className="side-column" aria-label={t('属性')}><SidePanel published={published} /></aside>}
      </div>
      {phone ? <Drawer open={adding} placement="bottom" size="70%" title={t('加字段')} onClose={() => setAdding(false)} destroyOnHidden><FieldPalette onAdded={() => setAdding(false)} /></Drawer> : null}
      {phone ? <Drawer open={!adding && selected.kind !== 'form'} placement="bottom" size="75%" title={t('属性')} onClose={() => select({ kind: 'form' })} destroyOnHidden><SidePanel published={published} /></Drawer> : null}
      <DragOverlay dropAnimation={null}>{drag.held ? <div className="drag-chip">{drag.held.title}</div> : null}</DragOverlay>
    </DndContext>
  )
}

const fieldKeys = (form: FormDefinition | null): Set<string> => new Set((form?.fields ?? []).flatMap((field) => [field.key, ...(field.fields ?? []).map((column) => `${field.key}.${column.key}`)]))

const Designer = ({ loaded, initial }: { loaded: Loaded; initial: FormDefinition }) => {
  const form = useForm()
  const view = useDesk((state) => state.view)
  const said = useDesk((state) => state.said)
  const draft = useDraft('forms', loaded.key, { ...KEPT, definition: form }, { etag: loaded.draft?.etag ?? null, definition: initial, problems: loaded.problems ?? [] })
  const { problems, known } = useProblems(form)
  const [live, setLive] = useState({ version: loaded.version, definition: loaded.definition, hasDraft: loaded.draft !== null })
  const [publishing, setPublishing] = useState(false)
  const [versions, setVersions] = useState(false)
  const published = useMemo(() => fieldKeys(live.version ? live.definition : null), [live])
  return (
    <div className="page designer">
      <DesignerHeader version={live.version} hasDraft={live.hasDraft} draft={draft} problems={problems} known={known} onPublish={() => setPublishing(true)} onVersions={() => setVersions(true)} />
      {draft.state === 'conflict' ? <Conflict form={loaded.key} draft={draft} /> : null}
      {view === 'design' ? <DesignView published={published} /> : null}
      {view === 'logic' ? <LogicView /> : null}
      {view === 'rights' ? <RightsView /> : null}
      {view === 'preview' ? <PreviewView /> : null}
      {view === 'json' ? <JsonView /> : null}
      <span className="unseen" role="status">{said}</span>
      {publishing ? <PublishModal form={form} before={live.version ? live.definition : null} flush={draft.flush} onClose={() => setPublishing(false)} onPublished={(version) => { setPublishing(false); setLive({ version, definition: form, hasDraft: false }); draft.adopt(null, form) }} /> : null}
      {versions ? <Suspense fallback={null}><VersionsDrawer noun="forms" itemKey={loaded.key} current={live.version} readOnly={false} onClose={() => setVersions(false)} onRolledBack={() => window.location.reload()} /></Suspense> : null}
    </div>
  )
}

const NotForYou = ({ form }: { form: string }) => {
  const { t } = useTranslation()
  return <div className="page"><div className="card"><Empty title={t('改表单要设计者的身份')} text={t('请管理员给你“设计者”，或者去看它的记录。')} action={<Link to={`/records/${form}`}>{t('看记录')}</Link>} /></div></div>
}

const DesignerPage = () => {
  const { key = '' } = useParams()
  const { user } = useMe()
  return can(user.roles, 'designer') ? <Opened form={key} /> : <NotForYou form={key} />
}

const Opened = ({ form: key }: { form: string }) => {
  const found = useQuery({ queryKey: ['form', key, 'design'], queryFn: () => api.get<Loaded>(`/forms/${key}`), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false })
  const [initial, setInitial] = useState<{ key: string; definition: FormDefinition } | null>(null)
  const ready = useFormStore((state) => state.definition?.key === key)
  useEffect(() => {
    const definition = found.data?.draft?.definition ?? found.data?.definition
    if (!definition || initial?.key === key) return
    startForm(definition)
    setInitial({ key, definition })
  }, [found.data, key, initial])
  useEffect(() => () => startForm(null), [])
  if (found.isError) return <div className="page"><div className="card"><Failed error={found.error} retry={() => void found.refetch()} /></div></div>
  if (!found.data || !ready || initial?.key !== key) return <PageSkeleton />
  return <Designer key={key} loaded={found.data} initial={initial.definition} />
}

export default DesignerPage
