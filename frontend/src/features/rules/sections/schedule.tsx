/** When it runs, in words. */
import { Checkbox, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { language } from '../../../i18n'
import { type Plan, readPlan, sayPlan, writePlan } from '../lib/schedule'
import { BuilderSection } from '../section'
import { useBuilder, useRule } from '../store'

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: hour, label: `${hour}:00` }))
const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']
const EVENTS: [string, string][] = [['stock.changed', '库存变动时'], ['import.finished', '导入完成时'], ['order.received', '收到订单时']]

const hourOptions = (minute: number) => (minute === 0 ? HOURS : HOURS.map(({ value }) => ({ value, label: `${value}:${String(minute).padStart(2, '0')}` })))

const Details = ({ plan, set }: { plan: Plan; set: (patch: Partial<Plan>) => void }) => {
  const { t } = useTranslation()
  if (plan.kind === 'cron') return <Input aria-label={t('cron 表达式')} className="mono" value={plan.cron} onChange={(event) => set({ cron: event.target.value })} placeholder="0 8 * * *" style={{ width: 220 }} />
  if (plan.kind === 'every') return <span className="row"><InputNumber aria-label={t('间隔分钟')} min={5} max={1440} step={5} value={plan.every} onChange={(every) => set({ every: every ?? 60 })} style={{ width: 100 }} /> {t('分钟')}</span>
  if (plan.kind === 'hourly') return <span className="row">{t('第')} <InputNumber aria-label={t('分钟')} min={0} max={59} value={plan.minute} onChange={(minute) => set({ minute: minute ?? 0 })} style={{ width: 80 }} /> {t('分')}</span>
  if (plan.kind === 'none') return null
  return (
    <>
      {plan.kind === 'weekly' ? <Select mode="multiple" aria-label={t('周几')} value={plan.weekdays} style={{ minWidth: 180 }} onChange={(weekdays: number[]) => set({ weekdays })} options={WEEKDAYS.map((label, index) => ({ value: index + 1, label: t(label) }))} /> : null}
      <Select mode="multiple" aria-label={t('几点')} value={plan.hours} style={{ minWidth: 220 }} onChange={(hours: number[]) => set({ hours })} options={hourOptions(plan.minute)} />
    </>
  )
}

export const ScheduleSection = () => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const plan = readPlan(rule.schedule)
  const set = (patch: Partial<Plan>): void => {
    const written = writePlan({ ...plan, ...patch })
    change({ schedule: written ? { ...(rule.schedule?.timezone ? { timezone: rule.schedule.timezone } : {}), ...written } : undefined })
  }
  const choose = (kind: Plan['kind']): void => set(kind === 'cron' ? { kind, cron: rule.schedule?.cron ?? '0 8 * * *' } : { kind })
  const events = rule.on_event ?? []
  const toggle = (event: string, on: boolean): void => {
    const next = on ? [...events, event] : events.filter((item) => item !== event)
    change({ on_event: next.length > 0 ? next : undefined })
  }
  return (
    <BuilderSection name="schedule" title={t('什么时候检查')} text={sayPlan(plan, language())}>
      <div className="row wrap">
        <Select aria-label={t('多久一次')} value={plan.kind} style={{ width: 140 }} onChange={choose} options={[{ value: 'daily', label: t('每天') }, { value: 'weekly', label: t('每周') }, { value: 'hourly', label: t('每小时') }, { value: 'every', label: t('每隔一段时间') }, { value: 'cron', label: t('cron 表达式') }, { value: 'none', label: t('不按时间') }]} />
        <Details plan={plan} set={set} />
      </div>
      <div className="row wrap gap-top">
        <span className="soft">{t('另外：')}</span>
        {EVENTS.map(([event, label]) => <Checkbox key={event} checked={events.includes(event)} onChange={(change_) => toggle(event, change_.target.checked)}>{t(label)}</Checkbox>)}
      </div>
    </BuilderSection>
  )
}
