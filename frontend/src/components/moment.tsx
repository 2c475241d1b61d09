/** A moment or day as people say it; the exact one shows on hover. */
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/query'
import { language } from '../i18n'
import { exactMoment, sayDay, sayMoment, type Saying } from '../lib/dates'

export const useSaying = (): Saying => {
  useTranslation()
  const { data } = useSession()
  return { language: language(), zone: data?.workspace.timezone ?? 'Asia/Shanghai', now: new Date() }
}

export const Moment = ({ at, day = false }: { at: string | null | undefined; day?: boolean }) => {
  const saying = useSaying()
  if (!at) return <span className="faint">—</span>
  return (
    <time dateTime={at} title={exactMoment(at, saying.zone)} className="nowrap num">
      {day ? sayDay(at, saying) : sayMoment(at, saying)}
    </time>
  )
}
