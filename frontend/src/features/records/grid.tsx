/** The records of one form: searched, filtered, sorted and grouped on the server, edited in place, pasted into, changed together. */
import { DatabaseOutlined, DownloadOutlined, EyeOutlined, FilterOutlined, FormOutlined, GroupOutlined, ImportOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Badge, Button, Dropdown, Input, Select } from 'antd'
import { type ClipboardEvent, type Key, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { api, queryString } from '../../api/client'
import type { FormDefinition, FormField, Page, RecordItem, User } from '../../api/types'
import { can, useMe } from '../../app/query'
import { useWording } from '../../components/formula/wording'
import { type Columns, ListView } from '../../components/list-view'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, PageSkeleton } from '../../components/states'
import { useList } from '../../components/use-list'
import { usePhone } from '../../components/use-phone'
import { pick } from '../../i18n'
import { cellText, isFiles, isNumeric } from '../../lib/fields'
import { pastedCells } from '../../lib/form/paste'
import { BulkBar } from './bulk-bar'
import { EditableCell } from './cell'
import { columnsOf, standardWidth } from './columns'
import { ColumnsButton } from './columns-panel'
import { RecordDrawer } from './drawer'
import { FilterPanel } from './filter'
import { GroupedList } from './groups'
import { HeadCell } from './head-cell'
import { type Pasted, PasteModal, pastedOnto } from './paste'
import type { AccessAnswer, ColumnSetting, ViewSettings } from './types'
import { fieldRight, may, useAccess } from './use-access'
import { fieldLabel, labelWithUnit, titleField, useFormDefinition } from './use-form'
import { useViewState, type ViewState } from './use-view-state'
import { useViews, ViewsBar } from './views-bar'
import './records.css'

const GROUPABLE = new Set(['text', 'choice', 'boolean', 'rating', 'member', 'department', 'link', 'sku', 'warehouse', 'supplier', 'select_data', 'barcode'])

interface GridColumn {
  field: FormField
  setting: ColumnSetting
  width: number
}

const shownColumns = (form: FormDefinition, fields: readonly FormField[], state: ViewState): GridColumn[] => {
  const byKey = new Map(fields.map((field) => [field.key, field]))
  return columnsOf(form, fields, state.columns).filter((setting) => !setting.hidden).flatMap((setting) => {
    const field = byKey.get(setting.key)
    return field ? [{ field, setting, width: setting.width ?? standardWidth(field) }] : []
  })
}

interface TableProps {
  form: FormDefinition
  columns: readonly GridColumn[]
  state: ViewState
  access: AccessAnswer | undefined
  onWidth: (key: string, width: number) => void
  open: (record: RecordItem) => void
}

const tableColumns = ({ form, columns, state, access, onWidth, open }: TableProps): Columns<RecordItem> => {
  const lead = columns.find((column) => column.field.key === titleField(form)) ?? columns[0]
  const editable = may(access, 'edit') && form.storage !== 'facts'
  return columns.map(({ field, width }, index) => ({
    title: <HeadCell width={width} onWidth={(next) => onWidth(field.key, next)}>{labelWithUnit(field)}</HeadCell>,
    key: field.key,
    width,
    fixed: index < state.frozen ? ('left' as const) : undefined,
    align: isNumeric(field) ? ('right' as const) : undefined,
    sorter: field.type !== 'sub_form' && !field.live && field.type !== 'sparkline',
    sortOrder: state.sort === field.key ? ('ascend' as const) : state.sort === `-${field.key}` ? ('descend' as const) : null,
    render: (_: unknown, record: RecordItem) =>
      field.key === lead?.field.key ? <button type="button" data-row={record.id} data-column={field.key} className="cell-title ellipsis block left" onClick={() => open(record)}>{cellText(field, record)}</button> : <EditableCell form={form.key} field={field} record={record} readOnly={!editable || fieldRight(access, field.key) !== 'write'} />,
  }))
}

const pictureOf = (fields: readonly FormField[], record: RecordItem): string | null => {
  const field = fields.find((one) => one.type === 'image')
  const files = field ? record.values[field.key] : null
  return isFiles(files) ? `/api/v1/files/${files[0]?.id}` : null
}

const RecordCard = ({ form, fields, shown, record, open }: { form: FormDefinition; fields: readonly FormField[]; shown: readonly FormField[]; record: RecordItem; open: (record: RecordItem) => void }) => {
  const lead = fields.find((field) => field.key === titleField(form)) ?? fields[0]
  const picture = pictureOf(fields, record)
  return (
    <button type="button" className="card-row record-card" onClick={() => open(record)}>
      {picture ? <img src={picture} alt="" loading="lazy" /> : null}
      <span className="grow">
        <span className="card-title">{lead ? cellText(lead, record) : record.id}{record.values.name && lead?.key !== 'name' ? ` ${String(record.values.name)}` : ''}</span>
        <span className="card-meta num">{shown.filter((field) => field.key !== 'name' && field !== lead && field.type !== 'image').slice(0, 4).map((field) => <span key={field.key}>{fieldLabel(field)} {cellText(field, record)}</span>)}</span>
      </span>
    </button>
  )
}

const SeeAs = ({ person, onChange }: { person: string; onChange: (person: string) => void }) => {
  const { t } = useTranslation()
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<User>>('/users'), staleTime: 300_000, retry: false })
  const options = (users.data?.items ?? []).map((user) => ({ value: user.key, label: `${user.name} (${user.key})` }))
  return <Alert className="see-as" type="info" showIcon icon={<EyeOutlined />} title={<span className="row wrap">{t('正在以这个人的权限查看')}<Select aria-label={t('以谁的权限查看')} showSearch={{ optionFilterProp: 'label' }} value={person || undefined} placeholder={t('选一个人')} options={options} onChange={onChange} style={{ width: 220 }} /></span>} action={<Button size="small" onClick={() => onChange('')}>{t('回到自己')}</Button>} />
}

const useGridPaste = (columns: readonly GridColumn[], records: readonly RecordItem[], enabled: boolean) => {
  const [pasted, setPasted] = useState<Pasted | null>(null)
  const onPaste = (event: ClipboardEvent<HTMLDivElement>): void => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null
    if (!enabled || !cell || (event.target as Element).closest('input, textarea')) return
    const row = records.findIndex((record) => String(record.id) === cell.dataset.row)
    const found = pastedOnto(pastedCells(event.clipboardData.getData('text')), columns.map((column) => column.field), records, row, cell.dataset.column ?? '')
    if (!found) return
    event.preventDefault()
    setPasted(found)
  }
  return { pasted, onPaste, close: () => setPasted(null) }
}

const MoreMenu = ({ form, state, access }: { form: FormDefinition; state: ViewState; access: AccessAnswer | undefined }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { user } = useMe()
  const file = (format: string): string => `/api/v1/forms/${form.key}/export${queryString({ format, filter: state.filter, sort: state.sort })}`
  const items = [
    ...(may(access, 'import') ? [{ key: 'import', icon: <ImportOutlined />, label: t('导入'), onClick: () => void navigate(`/import?into=${form.key}`) }] : []),
    ...(may(access, 'export') && form.storage !== 'facts' ? [{ key: 'xlsx', icon: <DownloadOutlined />, label: <a href={file('xlsx')} download>{t('导出 Excel')}</a> }, { key: 'csv', icon: <DownloadOutlined />, label: <a href={file('csv')} download>{t('导出 CSV')}</a> }] : []),
    ...(can(user.roles, 'designer') ? [{ key: 'design', icon: <FormOutlined />, label: t('改表单设计'), onClick: () => void navigate(`/forms/${form.key}/design`) }, { key: 'as', icon: <EyeOutlined />, label: t('以别人的权限查看'), onClick: () => state.set({ as: '?' }) }] : []),
  ]
  return items.length > 0 ? <Dropdown menu={{ items }} trigger={['click']}><Button aria-label={t('更多')}>{t('更多')}</Button></Dropdown> : null
}

const Grid = ({ form }: { form: FormDefinition }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const phone = usePhone()
  const state = useViewState(form.key)
  const [filtering, setFiltering] = useState(false)
  const [open, setOpen] = useState<RecordItem | 'new' | null>(null)
  const [chosen, setChosen] = useState<Key[]>([])
  const wording = useWording(form.key)
  const q = useDeferredValue(state.q)
  const person = state.as === '?' ? '' : state.as
  const access = useAccess(form.key, person)
  const fields = useMemo(() => form.fields.filter((field) => fieldRight(access.data, field.key) !== 'hide'), [form, access.data])
  const columns = useMemo(() => shownColumns(form, fields, state), [form, fields, state])
  const query = { q, filter: state.filter, sort: state.sort, as: person }
  const list = useList<RecordItem>(`/forms/${form.key}/records`, { ...query, limit: 200 }, !state.group && form.storage !== 'facts' && may(access.data, 'view'))
  const show = (record: RecordItem | 'new'): void => {
    if (phone) void navigate(`/records/${form.key}/${record === 'new' ? 'new' : record.id}`)
    else setOpen(record)
  }
  const setWidth = (key: string, width: number): void => state.set({ columns: columnsOf(form, fields, state.columns).map((column) => (column.key === key ? { ...column, width } : column)) })
  const table = tableColumns({ form, columns, state, access: person ? undefined : access.data, onWidth: setWidth, open: show })
  const width = columns.reduce((sum, column) => sum + column.width, 0)
  const mayAdd = may(access.data, 'add') && form.storage !== 'facts' && !person
  const paste = useGridPaste(columns, list.items, mayAdd && may(access.data, 'edit'))
  const add = mayAdd ? <Button type="primary" icon={<PlusOutlined />} onClick={() => show('new')}>{t('新增{{form}}', { form: pick(form, 'name') })}</Button> : null
  const card = (record: RecordItem) => <RecordCard form={form} fields={fields} shown={columns.map((column) => column.field)} record={record} open={show} />
  const groupField = fields.find((field) => field.key === state.group)
  const settings: ViewSettings = { q: state.q || undefined, filter: state.filter || undefined, sort: state.sort || undefined, group_by: state.group || undefined, columns: state.columns, frozen: state.frozen }
  const selection = phone || form.storage === 'facts' || person || !(may(access.data, 'edit') || may(access.data, 'delete')) ? undefined : { selectedRowKeys: chosen, onChange: (keys: Key[]) => setChosen(keys), columnWidth: 44, fixed: true }
  return (
    <div className="page">
      <PageHeader back={{ to: '/records', label: t('数据') }} title={pick(form, 'name')} text={pick(form, 'description')} actions={<><MoreMenu form={form} state={state} access={access.data} />{add}</>} />
      {state.as ? <SeeAs person={person} onChange={(as) => state.set({ as })} /> : null}
      <div className="card">
        {form.storage === 'facts' ? null : <div className="toolbar">
          <ViewsBar form={form.key} settings={settings} current={state.view} onChoose={state.choose} />
          <Input allowClear aria-label={t('搜索')} placeholder={t('搜索编码、名称')} prefix={<SearchOutlined />} value={state.q} onChange={(event) => state.set({ q: event.target.value })} style={{ width: 220 }} />
          <Badge dot={state.filter !== ''}><Button icon={<FilterOutlined />} aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>{t('筛选')}</Button></Badge>
          <Select aria-label={t('分组')} allowClear prefix={<GroupOutlined />} placeholder={t('分组')} value={state.group || undefined} options={fields.filter((field) => GROUPABLE.has(field.type) && !field.multiple && !field.unique).map((field) => ({ value: field.key, label: fieldLabel(field) }))} onChange={(group: string | undefined) => state.set({ group: group ?? '' })} style={{ minWidth: 120 }} />
          {phone ? null : <ColumnsButton columns={columnsOf(form, fields, state.columns)} fields={fields} frozen={state.frozen} onChange={(next, frozen) => state.set({ columns: next, frozen })} />}
          {state.filter ? <span className="filter-word ellipsis" title={state.filter}>{wording.say(state.filter)}</span> : null}
          {state.filter ? <Button type="text" size="small" onClick={() => state.set({ filter: '' })}>{t('清除')}</Button> : null}
        </div>}
        {filtering ? <FilterPanel form={form} source={state.filter} onApply={(filter) => state.set({ filter })} /> : null}
        {chosen.length > 0 ? <BulkBar form={form.key} ids={chosen as (string | number)[]} fields={fields.filter((field) => fieldRight(access.data, field.key) === 'write')} mayEdit={may(access.data, 'edit')} mayDelete={may(access.data, 'delete')} onDone={() => setChosen([])} /> : null}
        {form.storage === 'facts' ? <Empty icon={<DatabaseOutlined />} title={t('“{{form}}”按天存放，不逐条列出', { form: pick(form, 'name') })} text={t('用“导入”放数据；曲线、规则和公式直接用它。')} action={may(access.data, 'import') ? <Button onClick={() => void navigate(`/import?into=${form.key}`)}>{t('导入')}</Button> : null} /> : access.data && !may(access.data, 'view') ? <Empty icon={<EyeOutlined />} title={person ? t('这个人看不到这张表单') : t('没有查看的权限')} text={t('权限在“角色与权限”和表单设计里给。')} /> : groupField ? <GroupedList form={form.key} field={groupField} fields={fields} query={query} columns={table} width={width} card={card} /> : (
          <div onPaste={paste.onPaste}>
            <ListView
              list={list}
              columns={table}
              rowKey={(record) => record.id}
              width={width + (selection ? 44 : 0)}
              selection={selection}
              onChange={(_page, _filters, sorter) => {
                const one = Array.isArray(sorter) ? sorter[0] : sorter
                state.set({ sort: one?.order ? `${one.order === 'descend' ? '-' : ''}${String(one.columnKey)}` : '' })
              }}
              card={card}
              empty={q || state.filter ? <Empty title={t('没有符合条件的记录')} text={t('换一个条件试试。')} /> : <Empty title={t('还没有{{form}}', { form: pick(form, 'name') })} text={t('新增一条，或用“导入”一次放进来。')} action={add} />}
            />
          </div>
        )}
      </div>
      {open ? <RecordDrawer form={form.key} record={open === 'new' ? null : open} onClose={() => setOpen(null)} /> : null}
      {paste.pasted ? <PasteModal form={form.key} pasted={paste.pasted} onClose={paste.close} /> : null}
    </div>
  )
}

/** The view that a link names is fetched before the list is drawn, so that nothing jumps. */
const Opened = ({ form }: { form: FormDefinition }) => {
  const [search] = useSearchParams()
  const wanted = search.get('view')
  const views = useViews(form.key)
  if (wanted && views.isPending) return <PageSkeleton />
  return <Grid form={form} />
}

const RecordsPage = () => {
  const { form = '' } = useParams()
  const definition = useFormDefinition(form)
  if (definition.isPending) return <PageSkeleton />
  if (definition.isError) return <div className="page"><div className="card"><Failed error={definition.error} retry={() => void definition.refetch()} /></div></div>
  return definition.data.definition && definition.data.version ? <Opened key={form} form={definition.data.definition} /> : <Unpublished form={form} />
}

const Unpublished = ({ form }: { form: string }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <div className="page"><div className="card"><Empty title={t('这张表单还没有发布')} text={t('发布后就能填写和导入。')} action={<Button type="primary" onClick={() => void navigate(`/forms/${form}/design`)}>{t('去设计')}</Button>} /></div></div>
}

export default RecordsPage
