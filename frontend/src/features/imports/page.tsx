/** Imports: bring a file in, and every import that was made, to look at or take back. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { FormItem, ImportJob, Page } from '../../api/types'
import { queryClient } from '../../app/query'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { ResultFigures } from './job'
import { ImportWizard } from './wizard'
import './imports.css'

const useFormNames = (): Map<string, string> => {
  const forms = useQuery({ queryKey: ['forms'], queryFn: () => api.get<Page<FormItem & { name_en?: string }>>('/forms'), staleTime: 60_000 })
  return new Map(forms.data?.items.map((form) => [form.key, pick(form, 'name')]))
}

const Past = ({ job }: { job: ImportJob }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const undo = useMutation({
    mutationFn: () => api.post(`/imports/${job.id}/undo`),
    onSuccess: () => {
      void message.success(t('已撤销这次导入'))
      void queryClient.invalidateQueries({ queryKey: ['imports'] })
    },
  })
  const { result } = job
  const forms = useFormNames()
  return (
    <li className="past-import">
      <div className="row between wrap">
        <button type="button" className="past-title" aria-expanded={open} onClick={() => setOpen(!open)}>
          <strong>{job.file || job.id}</strong>
          <small className="faint num">{job.form ? `→ ${forms.get(job.form) ?? job.form} · ` : ''}{result?.rows !== undefined ? t('{{n}} 行', { n: sayNumber(result.rows) }) : ''} <Person of={job.created_by} /> <Moment at={job.created_at} /></small>
        </button>
        <span className="row">
          <StateTag state={job.status} />
          {job.status === 'done' ? <Popconfirm title={t('撤销这次导入？写入的数据会恢复原样')} okText={t('撤销')} onConfirm={() => undo.mutate()}><Button size="small" loading={undo.isPending}>{t('撤销')}</Button></Popconfirm> : null}
        </span>
      </div>
      {open && result ? <ResultFigures id={job.id} result={result} dryRun={false} /> : null}
    </li>
  )
}

const ImportsPage = () => {
  const { t } = useTranslation()
  const imports = useQuery({ queryKey: ['imports'], queryFn: () => api.get<Page<ImportJob>>('/imports', { limit: 50 }) })
  const items = imports.data?.items ?? []
  return (
    <div className="page narrow">
      <PageHeader title={t('导入')} text={t('把平台导出的表直接放进来')} actions={<Link to="/start">{t('第一次用？从“开始我的店”走')}</Link>} />
      <div className="stack">
        <ImportWizard onDone={() => void imports.refetch()} />
        <section className="card">
          <div className="card-head"><h2>{t('导入过的')}</h2></div>
          {imports.isPending ? <CardSkeleton /> : null}
          {imports.isError ? <Failed error={imports.error} retry={() => void imports.refetch()} /> : null}
          {imports.isSuccess && items.length === 0 ? <Empty title={t('还没有导入过')} text={t('导入的每一次都能看结果，也能撤销。')} /> : null}
          <ul className="cards">{items.map((job) => <Past key={job.id} job={job} />)}</ul>
        </section>
      </div>
    </div>
  )
}

export default ImportsPage
