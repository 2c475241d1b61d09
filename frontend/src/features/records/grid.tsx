/** The records of one form: searched, filtered and sorted on the server, edited in place or in a drawer. */
import { FilterOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { Badge, Button, Input } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import type { FormDefinition, FormField, RecordItem } from '../../api/types'
import { can, useMe } from '../../app/query'
import { useWording } from '../../components/formula/wording'
import { type Columns, ListView } from '../../components/list-view'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, PageSkeleton } from '../../components/states'
import { useList } from '../../components/use-list'
import { pick } from '../../i18n'
import { cellText, isNumeric } from '../../lib/fields'
import { EditableCell } from './cell'
import { RecordDrawer } from './drawer'
import { FilterPanel } from './filter'
import { fieldLabel, gridFields, labelWithUnit, titleField, useFormDefinition } from './use-form'
import './records.css'

const widthOf = (field: FormField): number => {
  if (field.key === 'name') return 240
  if (isNumeric(field) || field.type === 'boolean') return 120
  return field.type === 'link' || field.type === 'sku' ? 200 : 150
}

const gridColumns = (form: FormDefinition, sort: string, readOnly: boolean, open: (record: RecordItem) => void): Columns<RecordItem> => {
  const lead = titleField(form)
  return gridFields(form).map((field, index) => ({
    title: labelWithUnit(field),
    key: field.key,
    width: widthOf(field),
    fixed: index === 0 ? ('left' as const) : undefined,
    align: isNumeric(field) ? ('right' as const) : undefined,
    sorter: true,
    sortOrder: sort === field.key ? ('ascend' as const) : sort === `-${field.key}` ? ('descend' as const) : null,
    render: (_: unknown, record: RecordItem) =>
      field.key === lead || index === 0 ? <button type="button" className="cell-title ellipsis block left" onClick={() => open(record)}>{cellText(field, record)}</button> : <EditableCell form={form.key} field={field} record={record} readOnly={readOnly} />,
  }))
}

const RecordCard = ({ form, record, open }: { form: FormDefinition; record: RecordItem; open: (record: RecordItem) => void }) => {
  const [lead, ...rest] = gridFields(form)
  return (
    <button type="button" className="card-row" onClick={() => open(record)}>
      <span className="card-title">{lead ? cellText(lead, record) : record.id}{record.values.name && lead?.key !== 'name' ? ` ${String(record.values.name)}` : ''}</span>
      <span className="card-meta num">{rest.filter((field) => field.key !== 'name').slice(0, 4).map((field) => <span key={field.key}>{fieldLabel(field)} {cellText(field, record)}</span>)}</span>
    </button>
  )
}

const Grid = ({ form }: { form: FormDefinition }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [search, setSearch] = useSearchParams()
  const [word, setWord] = useState(search.get('q') ?? '')
  const [filtering, setFiltering] = useState(false)
  const [open, setOpen] = useState<RecordItem | 'new' | null>(null)
  const wording = useWording(form.key)
  const q = useDeferredValue(word)
  const filter = search.get('filter') ?? ''
  const sort = search.get('sort') ?? ''
  const readOnly = !can(user.roles, 'operator', 'designer') || form.storage === 'facts'
  const list = useList<RecordItem>(`/forms/${form.key}/records`, { q, filter, sort })
  const columns = useMemo(() => gridColumns(form, sort, readOnly, setOpen), [form, sort, readOnly])
  const set = (name: string, value: string): void => setSearch((previous) => {
    const next = new URLSearchParams(previous)
    if (value) next.set(name, value)
    else next.delete(name)
    return next
  }, { replace: true })
  const add = readOnly ? null : <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('新增{{form}}', { form: pick(form, 'name') })}</Button>
  return (
    <div className="page">
      <PageHeader back={{ to: '/records', label: t('表单') }} title={pick(form, 'name')} text={pick(form, 'description')} actions={add} />
      <div className="card">
        <div className="toolbar">
          <Input allowClear aria-label={t('搜索')} placeholder={t('搜索编码、名称')} prefix={<SearchOutlined />} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 260 }} />
          <Badge dot={filter !== ''}><Button icon={<FilterOutlined />} aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>{t('筛选')}</Button></Badge>
          {filter ? <span className="filter-word ellipsis" title={filter}>{wording.say(filter)}</span> : null}
          {filter ? <Button type="text" size="small" onClick={() => set('filter', '')}>{t('清除')}</Button> : null}
        </div>
        {filtering ? <FilterPanel form={form} source={filter} onApply={(next) => set('filter', next)} /> : null}
        <ListView
          list={list}
          columns={columns}
          rowKey={(record) => record.id}
          width={gridFields(form).reduce((sum, field) => sum + widthOf(field), 0)}
          onChange={(_page, _filters, sorter) => {
            const one = Array.isArray(sorter) ? sorter[0] : sorter
            set('sort', one?.order ? `${one.order === 'descend' ? '-' : ''}${String(one.columnKey)}` : '')
          }}
          card={(record) => <RecordCard form={form} record={record} open={setOpen} />}
          empty={q || filter ? <Empty title={t('没有符合条件的记录')} text={t('换一个条件试试。')} /> : <Empty title={t('还没有{{form}}', { form: pick(form, 'name') })} text={form.storage === 'facts' ? t('用“导入”把数据放进来。') : t('新增一条，或用“导入”一次放进来。')} action={add} />}
        />
      </div>
      {open ? <RecordDrawer form={form.key} record={open === 'new' ? null : open} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

const RecordsPage = () => {
  const { form = '' } = useParams()
  const definition = useFormDefinition(form)
  if (definition.isPending) return <PageSkeleton />
  if (definition.isError) return <div className="page"><div className="card"><Failed error={definition.error} retry={() => void definition.refetch()} /></div></div>
  return definition.data.definition ? <Grid key={form} form={definition.data.definition} /> : <PageSkeleton />
}

export default RecordsPage
