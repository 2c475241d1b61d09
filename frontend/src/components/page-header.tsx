/** A page's head: where we are, one primary action, the rest quiet. */
import { ArrowLeftOutlined } from '@ant-design/icons'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

interface Props {
  title: ReactNode
  documentTitle?: string
  text?: ReactNode
  back?: { to: string; label: string }
  tag?: ReactNode
  actions?: ReactNode
}

export const PageHeader = ({ title, documentTitle, text, back, tag, actions }: Props) => {
  const { t } = useTranslation()
  const plain = documentTitle ?? (typeof title === 'string' ? title : '')
  useEffect(() => {
    document.title = plain ? `${plain} · Beihuo ${t('备货')}` : `Beihuo ${t('备货')}`
  }, [plain, t])
  return (
    <header className="page-head">
      <div className="page-head-text">
        {back ? (
          <Link to={back.to} className="page-back">
            <ArrowLeftOutlined aria-hidden="true" /> {back.label}
          </Link>
        ) : null}
        <h1>
          <span>{title}</span> {tag}
        </h1>
        {text ? <div className="page-sub">{text}</div> : null}
      </div>
      {actions ? <div className="page-actions">{actions}</div> : null}
    </header>
  )
}
