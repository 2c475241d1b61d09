/** The year of promotions: what is coming, what is planned for it, what was learned, and reviews of what is over. */
import { ExperimentOutlined, FireOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { Status } from '../../components/status'
import { sayNumber } from '../../lib/numbers'
import { learnedOf, nextYear, type PromotionCalendar, type PromotionEvent } from './data'
import './promotions.css'

const share = (day: string, year: number): number => (Date.parse(day) - Date.UTC(year, 0, 1)) / (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1))

const Year = ({ year, events, today }: { year: number; events: PromotionEvent[]; today: string }) => {
  const { t } = useTranslation()
  const now = today.startsWith(String(year)) ? share(today, year) : null
  return (
    <div className="year">
      <strong className="num">{year}</strong>
      <div className="year-track" role="img" aria-label={t('{{year}} 年的大促', { year })}>
        {Array.from({ length: 12 }, (_, month) => <span key={month} className="year-month num" style={{ left: `${(100 * month) / 12}%` }}>{month + 1}</span>)}
        {events.flatMap((event) => event.phases.map((phase) => <span key={`${event.from}${phase.from}`} className={`year-phase ${event.state}`} title={`${event.title} ${phase.name} ${phase.from} ~ ${phase.to}`} style={{ left: `${100 * share(phase.from, year)}%`, width: `max(3px, ${100 * (share(phase.to, year) - share(phase.from, year) + 1 / 365)}%)`, height: `${Math.min(10 + 7 * (phase.multiplier ?? 1), 40)}px` }} />))}
        {now === null ? null : <span className="year-now" style={{ left: `${100 * now}%` }}>{t('今天')}</span>}
      </div>
    </div>
  )
}

const STATES: Record<PromotionEvent['state'], ['info' | 'warning' | 'unknown', string]> = { coming: ['info', '还没到'], on: ['warning', '进行中'], over: ['unknown', '已结束'] }

const Card = ({ event, calendar }: { event: PromotionEvent; calendar: PromotionCalendar }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [tone, word] = STATES[event.state]
  const away = Math.round((Date.parse(event.from) - Date.parse(calendar.today)) / 86_400_000)
  return (
    <section className="card promotion-card">
      <div className="row between wrap"><h2>{event.title}</h2><Status tone={tone}>{event.state === 'coming' ? t('还有 {{n}} 天', { n: sayNumber(away) }) : t(word)}</Status></div>
      <p className="faint num">{event.from} ~ {event.to}</p>
      <ul className="phase-list">
        {event.phases.map((phase) => {
          const learned = learnedOf(calendar, event.name, phase.name)
          return (
            <li key={phase.from}>
              <span>{phase.name || event.name}</span>
              <span className="faint num">{phase.from.slice(5)} ~ {phase.to.slice(5)}</span>
              <span className="num right">× {sayNumber(phase.multiplier)}{learned === undefined ? null : <span className="faint"> {t('学到 {{n}}', { n: sayNumber(learned) })}</span>}</span>
            </li>
          )
        })}
      </ul>
      <div className="row wrap">
        {event.plan && event.state !== 'coming' ? <Button type="primary" onClick={() => void navigate(`/promotions/${event.plan}`)}>{t('看复盘')}</Button> : null}
        {event.plan && event.state === 'coming' ? <Status tone="good">{t('已有计划')}</Status> : null}
        <Button icon={<ExperimentOutlined />} onClick={() => void navigate(`/promotions/simulate?event=${encodeURIComponent(event.name)}&from=${event.state === 'over' ? nextYear(event.from) : event.from}&like=${event.from}`)}>{event.state === 'over' ? t('推演下一次') : t('推演')}</Button>
      </div>
    </section>
  )
}

const CalendarPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const answer = useQuery({ queryKey: ['promotions'], queryFn: () => api.get<PromotionCalendar>('/promotions') })
  const calendar = answer.data
  const years = [...new Set((calendar?.events ?? []).map((event) => Number(event.from.slice(0, 4))))].sort()
  const order = [...(calendar?.events ?? [])].sort((one, other) => (one.state === 'over' ? 1 : 0) - (other.state === 'over' ? 1 : 0) || (one.state === 'over' ? other.from.localeCompare(one.from) : one.from.localeCompare(other.from)))
  return (
    <div className="page">
      <PageHeader title={t('大促')} text={t('提前推演要备多少，大促中按计划纠偏，结束后复盘')} actions={<Button type="primary" icon={<ExperimentOutlined />} onClick={() => void navigate('/promotions/simulate')}>{t('推演一场大促')}</Button>} />
      {answer.isPending ? <div className="card card-body"><CardSkeleton lines={8} /></div> : null}
      {answer.isError ? <div className="card"><Failed error={answer.error} retry={() => void answer.refetch()} /></div> : null}
      {calendar && calendar.events.length === 0 ? <div className="card"><Empty icon={<FireOutlined />} title={t('日历里还没有大促')} text={<>{t('推演一场并存为计划，或安装带大促日历的模板包。')} <Link to="/import">{t('导入')}</Link></>} /></div> : null}
      {calendar && calendar.events.length > 0 ? (
        <div className="stack">
          <section className="card card-body years">{years.map((year) => <Year key={year} year={year} today={calendar.today} events={calendar.events.filter((event) => event.from.startsWith(String(year)))} />)}</section>
          <div className="promotion-grid">{order.map((event) => <Card key={`${event.source}${event.plan}${event.from}`} event={event} calendar={calendar} />)}</div>
        </div>
      ) : null}
    </div>
  )
}

export default CalendarPage
