/** A dashboard: what its widgets show now; designers put it together here, and everybody sees it once it is published. */
import { ArrowLeftOutlined, ArrowRightOutlined, CloudOutlined, DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api, ApiError } from '../../api/client'
import type { Definition } from '../../api/types'
import { can, errorText, queryClient, useMe } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { ProblemList } from '../../components/problems'
import { Empty, Failed, PageSkeleton } from '../../components/states'
import { pick } from '../../i18n'
import type { Dashboard, Widget, WidgetData } from './types'
import { WidgetCard } from './widget'
import './dashboards.css'

const WidgetDrawer = lazy(() => import('./editor'))

type Loaded = Definition<Dashboard>

const moved = (widgets: Widget[], from: number, to: number): Widget[] => {
  const next = widgets.toSpliced(from, 1)
  const [one] = widgets.slice(from, from + 1)
  return one ? next.toSpliced(to, 0, one) : widgets
}

const Board = ({ loaded }: { loaded: Loaded }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const mayEdit = can(user.roles, 'designer')
  const published = loaded.version ? loaded.definition : null
  const [draft, setDraft] = useState<Dashboard | null>(loaded.draft?.definition ?? (published ? null : loaded.definition))
  const [etag, setEtag] = useState(loaded.draft?.etag ?? null)
  const [open, setOpen] = useState<number | 'new' | null>(null)
  const shown = draft ?? published
  const data = useQuery({ queryKey: ['dashboard', loaded.key, 'data', loaded.version], queryFn: () => api.get<{ widgets: Record<string, WidgetData> }>(`/dashboards/${loaded.key}/data`), enabled: published !== null, refetchInterval: 300_000 })
  const publish = useMutation({
    meta: { quiet: true },
    mutationFn: async (document: Dashboard) => {
      const saved = await api.put<{ etag: string }>(`/dashboards/${loaded.key}/draft`, { definition: document }, etag)
      setEtag(saved.etag)
      await api.post(`/dashboards/${loaded.key}/publish`)
    },
    onSuccess: async () => {
      void message.success(t('已发布'))
      setEtag(null)
      await queryClient.invalidateQueries({ queryKey: ['dashboard', loaded.key] })
      void queryClient.invalidateQueries({ queryKey: ['dashboards'] })
      setDraft(null)
    },
  })
  if (!shown) return null
  const widgets = shown.widgets
  const write = (next: Widget[]): void => setDraft({ ...shown, widgets: next })
  const problems = publish.error instanceof ApiError ? publish.error.problems : []
  const tools = (index: number) => (draft ? (
    <span className="row">
      <Button type="text" size="small" icon={<ArrowLeftOutlined />} aria-label={t('往前移')} disabled={index === 0} onClick={() => write(moved(widgets, index, index - 1))} />
      <Button type="text" size="small" icon={<ArrowRightOutlined />} aria-label={t('往后移')} disabled={index === widgets.length - 1} onClick={() => write(moved(widgets, index, index + 1))} />
      <Button type="text" size="small" icon={<EditOutlined />} aria-label={t('修改这一块')} onClick={() => setOpen(index)} />
      <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('删除这一块')} onClick={() => write(widgets.toSpliced(index, 1))} />
    </span>
  ) : null)
  return (
    <div className="page">
      <PageHeader
        back={{ to: '/dashboards', label: t('数据看板') }}
        documentTitle={shown.name}
        title={draft ? <Input className="title-input" variant="borderless" aria-label={t('看板名称')} maxLength={200} value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.target.value })} /> : pick(shown, 'name')}
        text={draft ? t('正在修改，发布后大家才看到；新加的块发布后才有数字。') : undefined}
        actions={mayEdit ? (draft ? (
          <>
            <Button icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('加一块')}</Button>
            {published ? <Button onClick={() => setDraft(null)}>{t('放弃修改')}</Button> : null}
            <Button type="primary" icon={<CloudOutlined />} loading={publish.isPending} onClick={() => publish.mutate(draft)}>{t('发布')}</Button>
          </>
        ) : <Button icon={<EditOutlined />} onClick={() => setDraft(shown)}>{t('修改')}</Button>) : null}
      />
      {publish.isError ? <Alert type="error" showIcon className="gap-bottom" title={errorText(publish.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
      {data.isError ? <div className="card"><Failed error={data.error} retry={() => void data.refetch()} /></div> : null}
      {widgets.length === 0 ? <div className="card"><Empty title={t('还没有内容')} text={t('加一个数字、一条曲线或一张表，从任何一张表单、销量或预警里来。')} action={mayEdit ? <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('加一块')}</Button> : null} /></div> : null}
      <div className="board">{widgets.map((widget, index) => <WidgetCard key={widget.id} widget={widget} data={data.data?.widgets[widget.id] ?? (published?.widgets.some((one) => one.id === widget.id) ? undefined : { problem: t('发布后显示'), problem_en: t('发布后显示') })} tools={tools(index)} />)}</div>
      {open !== null ? <Suspense fallback={null}><WidgetDrawer widget={open === 'new' ? null : (widgets[open] ?? null)} taken={widgets.map((one) => one.id)} onClose={() => setOpen(null)} onSave={(widget) => { write(open === 'new' ? [...widgets, widget] : widgets.map((one, index) => (index === open ? widget : one))); setOpen(null) }} /></Suspense> : null}
    </div>
  )
}

const DashboardPage = () => {
  const { key = '' } = useParams()
  const found = useQuery({ queryKey: ['dashboard', key], queryFn: () => api.get<Loaded>(`/dashboards/${key}`), refetchOnWindowFocus: false })
  if (found.isPending) return <PageSkeleton />
  if (found.isError) return <div className="page"><div className="card"><Failed error={found.error} retry={() => void found.refetch()} /></div></div>
  return <Board key={`${key} ${found.data.version ?? 0}`} loaded={found.data} />
}

export default DashboardPage
