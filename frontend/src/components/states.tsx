/** The states every page has besides its content: loading, empty, failed. */
import { InboxOutlined, ReloadOutlined, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import { errorText } from '../app/query'
import { ProblemList } from './problems'

const Bar = ({ width, height = 14 }: { width: string | number; height?: number }) => <span className="bone" style={{ width, height }} />

export const TableSkeleton = ({ rows = 8 }: { rows?: number }) => (
  <div className="skeleton" aria-busy="true" aria-live="polite">
    {Array.from({ length: rows }, (_, index) => (
      <div className="skeleton-row" key={index}>
        <Bar width={`${18 + ((index * 7) % 12)}%`} />
        <Bar width={`${30 + ((index * 11) % 20)}%`} />
        <Bar width="10%" />
        <Bar width="12%" />
      </div>
    ))}
  </div>
)

export const PageSkeleton = () => (
  <div className="page" aria-busy="true">
    <div className="page-head">
      <Bar width={180} height={24} />
    </div>
    <div className="card">
      <TableSkeleton />
    </div>
  </div>
)

export const CardSkeleton = ({ lines = 4 }: { lines?: number }) => (
  <div className="skeleton" aria-busy="true">
    {Array.from({ length: lines }, (_, index) => (
      <div className="skeleton-row" key={index}>
        <Bar width={`${90 - ((index * 17) % 40)}%`} />
      </div>
    ))}
  </div>
)

interface EmptyProps {
  title: string
  text?: ReactNode
  action?: ReactNode
  icon?: ReactNode
  good?: boolean
}

/** An empty page teaches the first step. */
export const Empty = ({ title, text, action, icon, good = false }: EmptyProps) => (
  <div className="empty">
    <div className={`empty-icon ${good ? 'good' : ''}`} aria-hidden="true">{icon ?? <InboxOutlined />}</div>
    <h3>{title}</h3>
    {text ? <p>{text}</p> : null}
    {action ? <div className="empty-action">{action}</div> : null}
  </div>
)

export const Failed = ({ error, retry }: { error: unknown; retry?: () => void }) => {
  const { t } = useTranslation()
  const problems = error instanceof ApiError ? error.problems : []
  return (
    <div className="empty" role="alert">
      <div className="empty-icon critical" aria-hidden="true"><WarningFilled /></div>
      <h3>{errorText(error)}</h3>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
      {retry ? (
        <div className="empty-action">
          <Button icon={<ReloadOutlined />} onClick={retry}>{t('再试一次')}</Button>
        </div>
      ) : null}
    </div>
  )
}
