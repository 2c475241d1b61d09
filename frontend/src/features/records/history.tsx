/** Who changed which field of a record, and when. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { FormField, Json, Page, RecordItem } from '../../api/types'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { sayField } from '../../lib/fields'
import { fieldLabel } from './use-form'

interface Change {
  at: string
  actor: string | null
  operation: string
  changes: Record<string, { before: Json; after: Json }>
}

const OPERATIONS: Record<string, string> = { create: '新增', created: '新增', update: '修改', updated: '修改', delete: '删除', deleted: '删除' }

export const History = ({ form, record, fields }: { form: string; record: RecordItem; fields: FormField[] }) => {
  const { t } = useTranslation()
  const history = useQuery({ queryKey: ['record-history', form, record.id], queryFn: () => api.get<Page<Change>>(`/forms/${form}/records/${record.id}/history`) })
  const fieldOf = (key: string): FormField => fields.find((field) => field.key === key) ?? { key, type: 'text', label: key }
  if (history.isPending) return <CardSkeleton />
  if (history.isError) return <Failed error={history.error} retry={() => void history.refetch()} />
  if (history.data.items.length === 0) return <Empty title={t('还没有修改过')} />
  return (
    <ul className="timeline">
      {history.data.items.map((change, index) => (
        <li key={index}>
          <div><span className="strong"><Person of={change.actor} /></span> {t(OPERATIONS[change.operation] ?? change.operation)}</div>
          <div className="when"><Moment at={change.at} /></div>
          {(change.operation.startsWith('update') ? Object.entries(change.changes) : []).map(([key, pair]) => <div key={key} className="soft num">{fieldLabel(fieldOf(key))}:{sayField(fieldOf(key), pair.before)} → {sayField(fieldOf(key), pair.after)}</div>)}
        </li>
      ))}
    </ul>
  )
}
