/** Records by groups: how many, with totals; a group opens to its records. */
import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { FormField, Json, RecordItem } from '../../api/types'
import { type Columns, ListView } from '../../components/list-view'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { useList } from '../../components/use-list'
import { isNumeric, sayField } from '../../lib/fields'
import { sayNumber } from '../../lib/numbers'
import { groupFilter } from './columns'
import type { Group, Groups } from './types'
import { fieldLabel } from './use-form'

interface Props {
  form: string
  field: FormField
  fields: readonly FormField[]
  query: { q: string; filter: string; sort: string; as: string }
  columns: Columns<RecordItem>
  width: number
  card: (record: RecordItem) => React.ReactNode
}

/** Rates and prices are averaged, amounts are summed. */
const averaged = (field: FormField): boolean => field.type === 'percent' || field.type === 'rating' || /价|率|成本|price|rate|cost|days|天|期/i.test(`${field.key}${field.label}`)

export const totalOf = (field: FormField): string => `${field.key}:${averaged(field) ? 'avg' : 'sum'}`

const Rows = ({ form, field, group, query, columns, width, card }: Props & { group: Group }) => {
  const list = useList<RecordItem>(`/forms/${form}/records`, { ...query, filter: groupFilter(query.filter, field, group.values[field.key]) })
  return <div className="group-rows"><ListView list={list} columns={columns} rowKey={(record) => record.id} width={width} card={card} empty={null} /></div>
}

const Numbers = ({ fields, totals }: { fields: readonly FormField[]; totals: Group['totals'] }) => {
  const { t } = useTranslation()
  return <span className="group-numbers num">{fields.map((field) => <span key={field.key}><small className="faint">{fieldLabel(field)} {averaged(field) ? t('均') : t('计')}</small> {sayField(field, totals[totalOf(field)] as Json)}</span>)}</span>
}

export const GroupedList = (props: Props) => {
  const { t } = useTranslation()
  const { form, field, fields, query } = props
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const numeric = fields.filter((one) => isNumeric(one) && !one.live).slice(0, 4)
  const found = useQuery({
    queryKey: ['groups', form, field.key, query, numeric.map((one) => one.key)],
    queryFn: () => api.get<Groups>(`/forms/${form}/records/groups`, { by: field.key, totals: numeric.map(totalOf).join(','), filter: query.filter, q: query.q, as: query.as }),
    placeholderData: (previous) => previous,
  })
  if (found.isPending) return <TableSkeleton />
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (found.data.items.length === 0) return <Empty title={t('没有符合条件的记录')} text={t('换一个条件试试。')} />
  const toggle = (index: number): void => setOpen((previous) => new Set(previous.has(index) ? [...previous].filter((one) => one !== index) : [...previous, index]))
  return (
    <div className="groups">
      <div className="group-row total"><strong className="grow">{t('全部')}</strong><span className="num">{t('{{n}} 条', { n: sayNumber(found.data.count) })}</span><Numbers fields={numeric} totals={found.data.totals} /></div>
      {found.data.items.map((group, index) => (
        <section key={index}>
          <button type="button" className="group-row" aria-expanded={open.has(index)} onClick={() => toggle(index)}>
            {open.has(index) ? <DownOutlined aria-hidden="true" /> : <RightOutlined aria-hidden="true" />}
            <span className="grow ellipsis strong">{group.values[field.key] === null ? t('（空）') : sayField(field, group.values[field.key], group.labels[field.key])}</span>
            <span className="num nowrap">{t('{{n}} 条', { n: sayNumber(group.count) })}</span>
            <Numbers fields={numeric} totals={group.totals} />
          </button>
          {open.has(index) ? <Rows {...props} group={group} /> : null}
        </section>
      ))}
      {found.data.more ? <p className="faint group-more">{t('分组太多，只显示最大的一些；请先筛选。')}</p> : null}
    </div>
  )
}
