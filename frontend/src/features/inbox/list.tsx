/** The in-tray: what waits for me, what I decided, what I started, what I was told. */
import { CheckCircleFilled, PlusOutlined, UserSwitchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Segmented } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import type { TFunction } from 'i18next'
import { api } from '../../api/client'
import type { DefinitionItem, Page, TodoItem } from '../../api/types'
import { can, useMe } from '../../app/query'
import { type Columns, ListView } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { StateTag, Status } from '../../components/status'
import { useList } from '../../components/use-list'
import { pick } from '../../i18n'
import { sayMoney } from '../../lib/numbers'
import { typeset } from '../../lib/typeset'
import { sayValue } from '../../lib/values'
import { Batch } from './batch'

const AgencyModal = lazy(() => import('./agency'))

type Box = 'open' | 'done' | 'started' | 'cc' | 'drafts'

const EMPTY: Record<Box, [string, string]> = {
  open: ['都处理完了', '有补货任务要你审批时，会出现在这里，也会发消息给你。'],
  done: ['还没有处理过', '你审批过的事会留在这里。'],
  started: ['还没有发起过', '你发起的补货申请会留在这里，可以看走到了哪一步。'],
  cc: ['没有抄送给你的', '别人抄送给你的事会留在这里。'],
  drafts: ['没有草稿', '发起时先存着的会留在这里，接着填就行。'],
}

const Due = ({ at }: { at: string | null }) => {
  const { t } = useTranslation()
  if (!at) return <span className="faint">—</span>
  const late = new Date(at).getTime() < Date.now()
  return late ? <Status tone="critical">{t('已超时')}</Status> : <Moment at={at} />
}

/** What the title says already. */
const IN_TITLE = new Set(['code', 'sku', 'warehouse', 'reason'])
const MONEY = new Set(['amount', 'total', 'unit_cost', 'price'])

const summaryText = (item: TodoItem): string =>
  item.summary
    .filter((pair) => !IN_TITLE.has(pair.key ?? '') && pair.value !== null)
    .map((pair) => `${pick(pair, 'label')} ${MONEY.has(pair.key ?? '') ? sayMoney(pair.value as number) : sayValue(pair.value)}`)
    .join(' · ')

const todoColumns = (t: TFunction, box: Box): Columns<TodoItem> => [
  {
    title: t('事项'),
    key: 'title',
    width: 280,
    render: (_, item) => <div className="cell-two"><Link className="cell-title ellipsis block" to={linkOf(item, box)}>{typeset(item.title)}</Link><small>{item.workflow.name}</small></div>,
  },
  { title: t('内容'), key: 'summary', width: 330, render: (_, item) => <span className="cell-why num" title={summaryText(item)}>{summaryText(item)}</span> },
  { title: t('环节'), key: 'node', width: 110, render: (_, item) => item.node.name },
  { title: box === 'open' ? t('到达') : t('时间'), dataIndex: 'arrived_at', width: 124, render: (_, item) => <Moment at={item.arrived_at} /> },
  box === 'open'
    ? { title: t('截止'), dataIndex: 'due_at', width: 130, render: (_: unknown, item: TodoItem) => <Due at={item.due_at} /> }
    : { title: t('状态'), dataIndex: 'status', width: 130, render: (_: unknown, item: TodoItem) => (item.status ? <StateTag state={item.status} /> : <span className="faint">—</span>) },
]

const TodoCard = ({ item, box }: { item: TodoItem; box: Box }) => (
  <Link className="card-row" to={linkOf(item, box)}>
    <span className="row between top"><span className="card-title">{typeset(item.title)}</span><span className="card-meta"><Moment at={item.arrived_at} /></span></span>
    <span className="soft num">{summaryText(item)}</span>
    <span className="card-meta">{item.workflow.name} · {item.node.name}{item.due_at ? <Due at={item.due_at} /> : null}{item.status && item.status !== 'running' ? <StateTag state={item.status} plain /> : null}</span>
  </Link>
)

/** A to-do opens to be decided; what was started or copied opens on its drawing; a draft is filled in further. */
const linkOf = (item: TodoItem, box: Box): string => {
  if (box === 'drafts') return `/start-workflow/${item.workflow.key}?draft=${encodeURIComponent(String(item.instance))}`
  return box === 'open' || box === 'done' ? `/todos/${encodeURIComponent(item.id)}` : `/instances/${encodeURIComponent(String(item.instance))}`
}

const StartMenu = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const workflows = useQuery({ queryKey: ['workflows'], queryFn: () => api.get<Page<DefinitionItem>>('/workflows') })
  const items = (workflows.data?.items ?? []).filter((item) => item.status === 'published' && item.enabled && item.problems === 0).map((item) => ({ key: item.key, label: item.name }))
  if (items.length === 0) return null
  return <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => void navigate(`/start-workflow/${key}`) }}><Button type="primary" icon={<PlusOutlined />}>{t('发起')}</Button></Dropdown>
}

const InboxList = () => {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const box = (search.get('box') ?? 'open') as Box
  const { user } = useMe()
  const acts = can(user.roles, 'operator', 'designer')
  const [chosen, setChosen] = useState<string[]>([])
  const [away, setAway] = useState(false)
  const list = useList<TodoItem>('/todos', { box })
  const columns = useMemo(() => todoColumns(t, box), [t, box])
  const [title, text] = EMPTY[box] ?? EMPTY.open
  return (
    <div className="page">
      <PageHeader title={t('待办')} text={t('等你拿主意的事')} actions={acts ? <><Button icon={<UserSwitchOutlined />} onClick={() => setAway(true)}>{t('请人代理')}</Button><StartMenu /></> : null} />
      {away ? <Suspense fallback={null}><AgencyModal onClose={() => setAway(false)} /></Suspense> : null}
      <div className="card">
        <div className="toolbar">
          <Segmented value={box} onChange={(value) => { setChosen([]); setSearch({ box: String(value) }, { replace: true }) }} options={[{ value: 'open', label: t('待我处理') }, { value: 'done', label: t('我已处理') }, { value: 'started', label: t('我发起的') }, { value: 'cc', label: t('抄送我的') }, { value: 'drafts', label: t('草稿') }]} />
        </div>
        {chosen.length > 0 ? <Batch ids={chosen.map(Number)} onDone={() => setChosen([])} /> : null}
        <ListView list={list} columns={columns} rowKey={(item) => item.id ?? String(item.instance)} to={(item) => linkOf(item, box)} card={(item) => <TodoCard item={item} box={box} />} selection={box === 'open' && acts ? { selectedRowKeys: chosen, onChange: (keys) => setChosen(keys as string[]) } : undefined} empty={<Empty good icon={<CheckCircleFilled />} title={t(title)} text={t(text)} />} />
      </div>
    </div>
  )
}

export default InboxList
