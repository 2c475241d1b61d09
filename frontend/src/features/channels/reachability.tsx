/** Can a phone open our links? Scan, and the page says so by itself. */
import { CheckCircleFilled, WarningFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, QRCode } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { Moment } from '../../components/moment'
import { CardSkeleton, Failed } from '../../components/states'
import { pick } from '../../i18n'

interface Address {
  base_url: string
  problem: string
  problem_en: string
  probe_url: string
  seen: { at: string; phone: boolean; from: string } | null
  fresh: boolean
}

const LOOK_EVERY_MS = 3000

export const ReachabilityCard = () => {
  const { t } = useTranslation()
  const address = useQuery({ queryKey: ['public-address'], queryFn: () => api.get<Address>('/public-address'), refetchInterval: (query) => (query.state.data?.fresh ? false : LOOK_EVERY_MS) })
  if (address.isPending) return <section className="card pad"><CardSkeleton lines={3} /></section>
  if (address.isError) return <section className="card pad"><Failed error={address.error} /></section>
  const { base_url, probe_url, seen, fresh } = address.data
  const problem = pick(address.data, 'problem')
  return (
    <section className="card pad">
      <h2 className="card-title-inline">{t('手机打得开吗')}</h2>
      <div className="reach">
        <QRCode value={probe_url} size={132} bordered={false} />
        <div className="grow">
          <p className="soft">{t('通知里的链接都指向这个地址。用手机扫一扫，打开成功这里会自己变绿。')}</p>
          <p className="mono prewrap">{base_url}</p>
          {fresh && seen ? <p className="good-word"><CheckCircleFilled aria-hidden="true" /> {seen.phone ? t('手机已打开') : t('已从一台电脑打开，还没有从手机打开')} · <Moment at={seen.at} /></p> : null}
          {!fresh && seen ? <p className="faint">{t('上次打开：')}<Moment at={seen.at} /></p> : null}
          {problem ? <Alert type="warning" showIcon icon={<WarningFilled />} title={problem} /> : null}
        </div>
      </div>
    </section>
  )
}
