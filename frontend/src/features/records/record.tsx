/** One record on a page of its own: to fill in, to read, to discuss; what the phone opens. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../../api/client'
import type { FormDefinition, RecordItem, Values } from '../../api/types'
import { can, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Person } from '../../components/person'
import { Failed, PageSkeleton } from '../../components/states'
import { pick } from '../../i18n'
import { Comments } from './comments'
import { RecordEditor } from './editor'
import { History } from './history'
import { useAccess } from './use-access'
import { recordTitle, useFormDefinition } from './use-form'
import { WhyPanel } from './why'
import './records.css'

type Shown = RecordItem & { created_at?: string; created_by?: string | null; updated_at?: string; updated_by?: string | null }

/** Values that a link hands over: `?code=A001` starts a new record with them. */
const givenBy = (form: FormDefinition, search: URLSearchParams): Values => Object.fromEntries([...search].filter(([key]) => form.fields.some((field) => field.key === key)))

const Whole = ({ form, record }: { form: FormDefinition; record: Shown | null }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const access = useAccess(form.key)
  const { user } = useMe()
  const back = (): void => void navigate(`/records/${form.key}`)
  return (
    <div className="page record-page">
      <PageHeader back={{ to: `/records/${form.key}`, label: pick(form, 'name') }} title={record ? recordTitle(form, record) : t('新增{{form}}', { form: pick(form, 'name') })} text={record?.updated_at ? <>{t('最后修改')} <Person of={record.updated_by ?? null} /> <Moment at={record.updated_at} /></> : undefined} />
      <div className={record ? 'grid-2' : ''}>
        <section className="card pad"><RecordEditor form={form} record={record} access={access.data} given={record ? undefined : givenBy(form, search)} onClose={back} onSaved={(saved) => (record ? undefined : void navigate(`/records/${form.key}/${saved.id}`, { replace: true }))} /></section>
        {record ? (
          <div className="stack">
            <section className="card pad"><h2 className="card-title-inline">{t('评论')}</h2><Comments form={form.key} record={record} /></section>
            <section className="card pad"><h2 className="card-title-inline">{t('修改记录')}</h2><History form={form.key} record={record} fields={form.fields} /></section>
            {can(user.roles, 'designer') ? <section className="card pad"><h2 className="card-title-inline">{t('谁看得到')}</h2><WhyPanel form={form.key} record={record} /></section> : null}
          </div>
        ) : null}
      </div>
    </div>
  )
}

const RecordPage = () => {
  const { form = '', id = '' } = useParams()
  const fresh = id === 'new'
  const definition = useFormDefinition(form)
  const record = useQuery({ queryKey: ['record', form, id], queryFn: () => api.get<Shown>(`/forms/${form}/records/${id}`), enabled: !fresh, refetchOnWindowFocus: false })
  const failed = definition.isError ? definition : record.isError ? record : null
  if (failed) return <div className="page"><div className="card"><Failed error={failed.error} retry={() => void failed.refetch()} /></div></div>
  const document = definition.data?.definition
  if (!document || (!fresh && !record.data)) return <PageSkeleton />
  return <Whole key={`${form}-${id}`} form={document} record={fresh ? null : (record.data ?? null)} />
}

export default RecordPage
