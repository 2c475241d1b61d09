/** How sound the data are: one score, its months, and the checks with what they found, the worst first. */
import { CheckCircleFilled, ReloadOutlined, SafetyCertificateOutlined, WarningFilled } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { can, queryClient, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { ScoreCard } from './score'
import type { Check, Governance } from './types'
import './governance.css'

const CheckDrawer = lazy(() => import('./check'))

const KEY = ['governance']

/** What costs the score most stands first; what cannot be looked at stands last. */
const worst = (checks: Check[]): Check[] =>
  checks.toSorted((a, b) => Number(Boolean(a.error)) - Number(Boolean(b.error)) || b.weight * (100 - (b.score ?? 100)) - a.weight * (100 - (a.score ?? 100)) || b.affected - a.affected)

const tone = (check: Check): string => (check.error ? 'off' : check.affected === 0 ? 'good' : check.weight >= 3 ? 'critical' : 'warning')

const CheckCard = ({ check, onOpen }: { check: Check; onOpen: () => void }) => {
  const { t } = useTranslation()
  const share = check.rows > 0 ? Math.min(100, (100 * check.affected) / check.rows) : 0
  return (
    <button type="button" className={`check-card ${tone(check)}`} onClick={onOpen}>
      <span className="row between">
        <span className="strong">{pick(check, 'name')}</span>
        {check.affected === 0 && !check.error ? <CheckCircleFilled className="good" aria-label={t('没有发现')} /> : check.error ? <WarningFilled aria-label={t('不能检查')} /> : <span className="check-count num">{sayNumber(check.affected)}</span>}
      </span>
      <span className="check-bar" aria-hidden="true"><span style={{ width: `${check.affected > 0 ? Math.max(share, 2) : 0}%` }} /></span>
      <span className="soft check-why">{check.error ? t('这项检查用到的字段不在你的表单里') : pick(check, 'why')}</span>
      <span className="faint num">{check.rows > 0 ? t('看了 {{n}} 行', { n: sayNumber(check.rows) }) : t('没有可看的数据')}</span>
    </button>
  )
}

const Body = ({ told, onOpen }: { told: Governance; onOpen: (key: string) => void }) => {
  const { t } = useTranslation()
  const checks = useMemo(() => worst(told.checks), [told.checks])
  const wrong = checks.filter((check) => check.affected > 0)
  const rest = checks.filter((check) => check.affected === 0)
  return (
    <div className="stack">
      <ScoreCard told={told} />
      {wrong.length > 0 ? (
        <section aria-label={t('需要处理')}>
          <h2 className="section-title">{t('需要处理')} <span className="faint num">{sayNumber(wrong.length)}</span></h2>
          <div className="check-grid">{wrong.map((check) => <CheckCard key={check.key} check={check} onOpen={() => onOpen(check.key)} />)}</div>
        </section>
      ) : (
        <section className="card"><Empty good icon={<CheckCircleFilled />} title={t('数据没有发现问题')} text={t('每天夜里会自动再查一遍。')} /></section>
      )}
      {rest.length > 0 ? (
        <section aria-label={t('没有发现问题')}>
          <h2 className="section-title">{t('没有发现问题')} <span className="faint num">{sayNumber(rest.length)}</span></h2>
          <div className="check-grid quiet">{rest.map((check) => <CheckCard key={check.key} check={check} onOpen={() => onOpen(check.key)} />)}</div>
        </section>
      ) : null}
    </div>
  )
}

const GovernancePage = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [open, setOpen] = useState<string | null>(null)
  const told = useQuery({ queryKey: KEY, queryFn: () => api.get<Governance>('/governance') })
  const run = useMutation({
    mutationFn: () => api.post<Governance>('/governance/run', {}),
    onSuccess: (answer) => queryClient.setQueryData(KEY, answer),
  })
  const may = can(user.roles, 'operator', 'designer')
  const action = may ? <Button type="primary" icon={<ReloadOutlined />} loading={run.isPending} onClick={() => run.mutate()}>{told.data?.at ? t('重新检查') : t('开始检查')}</Button> : null
  const check = told.data?.checks.find((one) => one.key === open)
  return (
    <div className="page">
      <PageHeader title={t('数据治理')} text={told.data?.at ? <>{t('上次检查')} <Moment at={told.data.at} /></> : t('编码、名称、提前期、销量、库存:数据对了,预警和补货才对')} actions={action} />
      {told.isPending ? <div className="card"><CardSkeleton lines={8} /></div> : null}
      {told.isError ? <div className="card"><Failed error={told.error} retry={() => void told.refetch()} /></div> : null}
      {told.data && !told.data.at ? (
        <div className="card"><Empty icon={<SafetyCertificateOutlined />} title={t('还没有检查过')} text={t('{{n}} 项检查,几秒钟看完所有商品、库存和销量。', { n: told.data.checks.length })} action={action} /></div>
      ) : null}
      {told.data?.at ? <Body told={told.data} onOpen={setOpen} /> : null}
      {check ? <Suspense><CheckDrawer check={check} mayFix={may} onClose={() => setOpen(null)} onChanged={() => void queryClient.invalidateQueries({ queryKey: KEY })} onRun={() => run.mutate()} /></Suspense> : null}
    </div>
  )
}

export default GovernancePage
