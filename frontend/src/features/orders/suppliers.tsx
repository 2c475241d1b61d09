/** How suppliers have delivered: measured lead times against stated ones, punctuality, completeness, what is late now. */
import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { Status } from '../../components/status'
import { sayNumber } from '../../lib/numbers'
import './orders.css'

interface Score {
  supplier: string
  name: string
  stated_days: number | null
  orders: number
  open: number
  late_now: number
  late_orders: string[]
  receipts: number
  mean: number | null
  deviation: number | null
  p90: number | null
  punctual: number | null
  filled: number | null
}

const Share = ({ value }: { value: number | null }) => (value === null ? <span className="faint">—</span> : <span className={`share num ${value < 0.8 ? 'low' : ''}`}><i style={{ width: `${value * 100}%` }} />{sayNumber(value * 100, 0)}%</span>)

const LeadTime = ({ score }: { score: Score }) => {
  const { t } = useTranslation()
  if (score.mean === null) return <span className="faint">{t('收货不足 3 次')}</span>
  const most = Math.max(score.p90 ?? 0, score.stated_days ?? 0, 1) * 1.1
  const at = (days: number): string => `${(100 * days) / most}%`
  return (
    <span className="lead" role="img" aria-label={t('平均 {{mean}} 天，九成在 {{p90}} 天内，自称 {{stated}} 天', { mean: score.mean, p90: score.p90 ?? 0, stated: score.stated_days ?? '—' })}>
      <span className="lead-line"><i style={{ left: 0, width: at(score.p90 ?? 0) }} /><b style={{ left: at(score.mean) }} />{score.stated_days ? <u style={{ left: at(score.stated_days) }} /> : null}</span>
      <small className="num">{t('平均 {{mean}} ± {{sd}} 天 · 九成 ≤ {{p90}}', { mean: sayNumber(score.mean, 1), sd: sayNumber(score.deviation ?? 0, 1), p90: sayNumber(score.p90 ?? 0) })}</small>
    </span>
  )
}

const SuppliersPage = () => {
  const { t } = useTranslation()
  const scores = useQuery({ queryKey: ['supplier-scores'], queryFn: () => api.get<{ items: Score[] }>('/suppliers/scores') })
  return (
    <div className="page">
      <PageHeader title={t('供应商评分')} text={t('提前期从下单到收货实测，计划直接用它')} back={{ to: '/orders', label: t('采购单') }} />
      <div className="card">
        {scores.isPending ? <TableSkeleton /> : null}
        {scores.isError ? <Failed error={scores.error} retry={() => void scores.refetch()} /> : null}
        {scores.data?.items.length === 0 ? <Empty title={t('还没有供应商')} /> : null}
        {scores.data && scores.data.items.length > 0 ? (
          <Table size="middle" pagination={false} rowKey="supplier" scroll={{ x: 900 }} dataSource={scores.data.items} columns={[
            { title: t('供应商'), key: 'name', width: 180, render: (_, row) => <div className="cell-two"><span className="cell-title">{row.name}</span><small className="num">{row.supplier}</small></div> },
            { title: t('实测提前期（竖线是自称的天数）'), key: 'lead', width: 280, render: (_, row) => <LeadTime score={row} /> },
            { title: t('准时率'), key: 'punctual', width: 120, render: (_, row) => <Share value={row.punctual} /> },
            { title: t('到货率'), key: 'filled', width: 120, render: (_, row) => <Share value={row.filled} /> },
            { title: t('收货次数'), key: 'receipts', width: 90, align: 'right', render: (_, row) => <span className="num">{row.receipts}</span> },
            { title: t('未完'), key: 'open', width: 80, align: 'right', render: (_, row) => <span className="num">{row.open}</span> },
            { title: t('超期'), key: 'late', width: 150, render: (_, row) => (row.late_now ? <Link to="/orders?status=confirmed"><Status tone="critical">{t('{{n}} 张超期', { n: row.late_now })}</Status></Link> : <span className="faint">—</span>) },
          ]} />
        ) : null}
      </div>
    </div>
  )
}

export default SuppliersPage
