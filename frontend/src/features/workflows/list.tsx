/** The workflows: what each is for, whether it is on, how much is under way. */
import { ApartmentOutlined, MoreOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Dropdown, Input, Table } from 'antd'
import type { TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { Definition, DefinitionItem, Page } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import { useForms } from '../../components/flow/names'
import type { Columns } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Person } from '../../components/person'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { StateTag, Status } from '../../components/status'
import { usePhone } from '../../components/use-phone'
import type { Flow } from '../../lib/flow/model'
import { freeKey } from '../../lib/form/editing'
import { sayNumber } from '../../lib/numbers'

interface WorkflowItem extends DefinitionItem {
  form?: string | null
  steps?: number
  running?: number
  incidents?: number
}

const State = ({ item }: { item: WorkflowItem }) => {
  const { t } = useTranslation()
  if (item.problems > 0 && item.status !== 'draft') return <Status tone="critical">{t('{{n}} 处问题', { n: item.problems })}</Status>
  return <StateTag state={item.status === 'published' && !item.enabled ? 'disabled' : item.status} />
}

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['workflows'] })

const More = ({ item, taken }: { item: WorkflowItem; taken: string[] }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const act = useMutation({
    mutationFn: async (key: string) => {
      if (key === 'copy') {
        const original = await api.get<Definition<Flow>>(`/workflows/${item.key}`)
        const fresh = freeKey(item.key, taken)
        await api.put(`/workflows/${fresh}/draft`, { definition: { ...(original.draft?.definition ?? original.definition), key: fresh, name: t('{{name}} 副本', { name: item.name }) } })
        return fresh
      }
      await api.post(`/workflows/${item.key}/${key}`)
      return null
    },
    onSuccess: (fresh, key) => {
      refresh()
      if (fresh) void navigate(`/workflows/${fresh}`)
      else void message.success(key === 'disable' ? t('已停用，正在办的仍会走完') : key === 'enable' ? t('已启用') : t('已归档'))
    },
  })
  const runs = item.status === 'published' || item.status === 'disabled'
  const items = [{ key: 'copy', label: t('复制一个') }, ...(runs ? [{ key: item.enabled ? 'disable' : 'enable', label: item.enabled ? t('停用') : t('启用') }, { key: 'archive', label: t('归档') }] : [])]
  return <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => act.mutate(key) }}><Button type="text" icon={<MoreOutlined />} loading={act.isPending} aria-label={t('{{name}} 的更多操作', { name: item.name })} /></Dropdown>
}

const columnsOf = (t: TFunction, forms: Map<string, string>, mayEdit: boolean, taken: string[]): Columns<WorkflowItem> => [
  { title: t('流程'), key: 'name', render: (_, item) => <div className="cell-two"><Link className="cell-title" to={`/workflows/${item.key}`}>{item.name}</Link><small className="mono">{item.key}</small></div> },
  { title: t('表单'), key: 'form', width: 150, render: (_, item) => (item.form ? forms.get(item.form) ?? item.form : <span className="faint">—</span>) },
  { title: t('状态'), key: 'state', width: 120, render: (_, item) => <State item={item} /> },
  { title: t('步骤'), dataIndex: 'steps', align: 'right', width: 80, render: (_, item) => sayNumber(item.steps ?? 0) },
  { title: t('在办'), dataIndex: 'running', align: 'right', width: 90, sorter: (one, other) => (one.running ?? 0) - (other.running ?? 0), render: (_, item) => <span className={item.running ? 'strong' : 'faint'}>{sayNumber(item.running ?? 0)}</span> },
  { title: t('受阻'), dataIndex: 'incidents', align: 'right', width: 80, render: (_, item) => (item.incidents ? <Status tone="critical" plain>{sayNumber(item.incidents)}</Status> : <span className="faint">0</span>) },
  { title: t('最近修改'), key: 'updated', width: 200, render: (_, item) => <span className="soft"><Person of={item.updated_by} /> <Moment at={item.updated_at} /></span> },
  ...(mayEdit ? [{ title: '', key: 'more', width: 56, render: (_: unknown, item: WorkflowItem) => <More item={item} taken={taken} /> }] : []),
]

const WorkflowCard = ({ item }: { item: WorkflowItem }) => {
  const { t } = useTranslation()
  return <Link className="card-row" to={`/workflows/${item.key}`}><span className="row between"><span className="card-title">{item.name}</span><State item={item} /></span><span className="card-meta num">{t('{{n}} 步', { n: item.steps ?? 0 })} · {t('{{n}} 个在办', { n: item.running ?? 0 })}</span></Link>
}

const Found = ({ items, taken }: { items: WorkflowItem[]; taken: string[] }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const phone = usePhone()
  const navigate = useNavigate()
  const forms = useForms()
  const names = useMemo(() => new Map((forms.data?.items ?? []).map((form) => [form.key, form.name])), [forms.data])
  const columns = useMemo(() => columnsOf(t, names, can(user.roles, 'designer'), taken), [t, names, user.roles, taken])
  if (phone) return <ul className="cards">{items.map((item) => <li key={item.key}><WorkflowCard item={item} /></li>)}</ul>
  return <Table<WorkflowItem> className="clickable-rows" size="middle" columns={columns} dataSource={items} rowKey="key" pagination={items.length > 100 ? { pageSize: 100, showSizeChanger: false } : false} scroll={{ x: 900 }} showSorterTooltip={false} onRow={(item) => ({ onClick: (event) => { if (!(event.target as Element).closest('a,button,.ant-dropdown')) void navigate(`/workflows/${item.key}`) } })} />
}

const WorkflowList = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const navigate = useNavigate()
  const [word, setWord] = useState('')
  const list = useQuery({ queryKey: ['workflows'], queryFn: () => api.get<Page<WorkflowItem>>('/workflows') })
  const items = list.data?.items ?? []
  const found = items.filter((item) => `${item.name} ${item.key}`.toLowerCase().includes(word.trim().toLowerCase()))
  const taken = useMemo(() => (list.data?.items ?? []).map((item) => item.key), [list.data])
  const create = can(user.roles, 'designer') ? <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/workflows/new')}>{t('新建流程')}</Button> : null
  return (
    <div className="page">
      <PageHeader title={t('流程')} text={t('谁先审、谁后审、什么情况怎么走，画出来就能用')} actions={create} />
      <div className="card">
        {items.length > 5 ? <div className="toolbar"><Input allowClear prefix={<SearchOutlined />} aria-label={t('搜索流程')} placeholder={t('搜索流程')} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 260 }} /></div> : null}
        {list.isPending ? <TableSkeleton /> : null}
        {list.isError ? <Failed error={list.error} retry={() => void list.refetch()} /> : null}
        {list.isSuccess && items.length === 0 ? <Empty icon={<ApartmentOutlined />} title={t('还没有流程')} text={t('从一个画好的开始，例如“补货审批”，改成你们的就行。')} action={create} /> : null}
        {items.length > 0 && found.length === 0 ? <Empty title={t('没有找到')} text={t('换个词试试。')} /> : null}
        {found.length > 0 ? <Found items={found} taken={taken} /> : null}
      </div>
    </div>
  )
}

export default WorkflowList
