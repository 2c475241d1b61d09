/** What stands where a page is missing or broke. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useRouteError } from 'react-router'
import { Empty, Failed } from '../components/states'

export const NotFound = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <div className="page">
      <div className="card">
        <Empty title={t('没有这个页面')} text={t('链接可能已经失效，或者页面改了地址。')} action={<Button type="primary" onClick={() => void navigate('/')}>{t('回到看板')}</Button>} />
      </div>
    </div>
  )
}

export const RouteFailure = () => {
  const error = useRouteError()
  return (
    <div className="page">
      <div className="card">
        <Failed error={error} retry={() => window.location.reload()} />
      </div>
    </div>
  )
}
