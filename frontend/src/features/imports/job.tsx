/** An import on its way: progress, then what came of it and which rows were left out. */
import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { ImportError, ImportJob, ImportResult } from '../../api/types'
import { pick } from '../../i18n'
import { ProblemList } from '../../components/problems'
import { typeset } from '../../lib/typeset'
import { sayNumber } from '../../lib/numbers'

const finished = (job: ImportJob | undefined): boolean => job?.status === 'done' || job?.status === 'failed' || job?.status === 'undone'

export const useJob = (id: string | null) =>
  useQuery({
    queryKey: ['import', id],
    queryFn: () => api.get<ImportJob>(`/imports/${id}`),
    enabled: id !== null,
    refetchInterval: (query) => (finished(query.state.data) ? false : 600),
  })

const Errors = ({ errors }: { errors: ImportError[] }) => {
  const { t } = useTranslation()
  return (
    <details className="import-errors" open={errors.length <= 5}>
      <summary>{t('{{n}} 处没能导入', { n: sayNumber(errors.length) })}</summary>
      <ul>
        {errors.slice(0, 100).map((error, index) => (
          <li key={index}><span className="num">{t('第 {{row}} 行', { row: error.row })}</span> {error.column ? <strong>{error.column}</strong> : null} {pick(error, 'message')} {error.value === null || error.value === undefined ? null : <span className="faint">“{String(error.value)}”</span>}</li>
        ))}
      </ul>
    </details>
  )
}

export const ResultFigures = ({ id, result, dryRun }: { id: string; result: ImportResult; dryRun: boolean }) => {
  const { t } = useTranslation()
  const { errors = [], notes = [], problems = [] } = result
  const figures: [string, number | undefined][] = [[t('读到'), result.rows], [dryRun ? t('会新增') : t('新增'), result.inserted], [dryRun ? t('会更新') : t('更新'), result.updated], [t('没有变化'), result.unchanged], [t('跳过'), result.skipped], [t('有问题'), result.error_count ?? errors.length]]
  return (
    <>
      <dl className="import-figures">{(result.rows === undefined ? [] : figures).filter(([, value]) => value !== undefined).map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="num">{sayNumber(value)}</dd></div>)}</dl>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      {notes.map((note, index) => <p key={index} className="soft">{typeof note === 'string' ? typeset(note) : pick(note, 'message')}</p>)}
      {errors.length > 0 ? <Errors errors={errors} /> : null}
      {result.has_errors_file ? <a href={`/api/v1/imports/${id}/errors.xlsx`} download>{t('下载有问题的行')}</a> : null}
    </>
  )
}

export const JobView = ({ id, dryRun = false }: { id: string; dryRun?: boolean }) => {
  const { t } = useTranslation()
  const job = useJob(id)
  const data = job.data
  if (!data || !finished(data)) {
    const { done = 0, total = null } = data?.progress ?? {}
    const percent = total ? Math.min(99, Math.round((done / total) * 100)) : 0
    return (
      <div className="import-progress" role="status">
        <Progress percent={percent} status="active" showInfo={total !== null} />
        <p className="soft num">{total ? t('{{done}} / {{total}} 行', { done: sayNumber(done), total: sayNumber(total) }) : t('正在读文件…')}</p>
      </div>
    )
  }
  return (
    <div>
      {data.status === 'failed' ? <p className="critical-line"><CloseCircleFilled aria-hidden="true" /> {dryRun ? t('还不能导入') : t('导入没有成功')}</p> : <p className="good-line"><CheckCircleFilled aria-hidden="true" /> {dryRun ? t('检查过了，还没有写入') : t('导入完成')}</p>}
      {data.result ? <ResultFigures id={id} result={data.result} dryRun={dryRun} /> : null}
    </div>
  )
}
