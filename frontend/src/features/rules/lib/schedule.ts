/** Schedules and durations in words, and back: 每天 8:00、14:00、20:00; 连续 2 次. */

export interface Plan {
  kind: 'daily' | 'weekly' | 'hourly' | 'every' | 'cron' | 'none'
  hours: number[]
  minute: number
  weekdays: number[]
  every: number
  cron: string
}

const EMPTY: Plan = { kind: 'none', hours: [8], minute: 0, weekdays: [1], every: 60, cron: '' }

const numbers = (field: string, from: number, to: number): number[] | null => {
  const found: number[] = []
  for (const part of field.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (!range) return null
    const [low, high] = [Number(range[1]), Number(range[2] ?? range[1])]
    if (low < from || high > to || low > high) return null
    for (let value = low; value <= high; value += 1) found.push(value)
  }
  return [...new Set(found)].sort((one, other) => one - other)
}

const readDuration = (text: string): number | null => {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text)
  if (!match || text === 'P' || text === 'PT') return null
  return Number(match[1] ?? 0) * 1440 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)
}

export const minutesOf = (duration: string): number | null => readDuration(duration)

export const durationOf = (minutes: number): string => {
  if (minutes % 1440 === 0) return `P${minutes / 1440}D`
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`
}

/** Read a schedule into the parts of the form; what the form cannot show stays a cron line. */
export const readPlan = (schedule: { cron?: string; every?: string } | null | undefined): Plan => {
  if (typeof schedule?.every === 'string') {
    const every = readDuration(schedule.every)
    return every ? { ...EMPTY, kind: 'every', every } : { ...EMPTY, kind: 'none' }
  }
  if (typeof schedule?.cron !== 'string' || schedule.cron.trim() === '') return EMPTY
  const cron = schedule.cron.trim()
  const [minuteField = '', hourField = '', day = '', month = '', weekdayField = ''] = cron.split(/\s+/)
  const [minute] = numbers(minuteField, 0, 59) ?? []
  if (minute === undefined || day !== '*' || month !== '*' || minuteField.includes(',')) return { ...EMPTY, kind: 'cron', cron }
  if (hourField === '*' && weekdayField === '*') return { ...EMPTY, kind: 'hourly', minute, cron }
  const hours = numbers(hourField, 0, 23)
  if (!hours) return { ...EMPTY, kind: 'cron', cron }
  if (weekdayField === '*') return { ...EMPTY, kind: 'daily', hours, minute, cron }
  const weekdays = numbers(weekdayField, 0, 7)
  if (!weekdays) return { ...EMPTY, kind: 'cron', cron }
  return { ...EMPTY, kind: 'weekly', hours, minute, weekdays: [...new Set(weekdays.map((value) => value % 7 || 7))].sort(), cron }
}

export const writePlan = (plan: Plan): { cron?: string; every?: string } | undefined => {
  const hours = (plan.hours.length > 0 ? [...plan.hours].sort((one, other) => one - other) : [8]).join(',')
  switch (plan.kind) {
    case 'daily': return { cron: `${plan.minute} ${hours} * * *` }
    case 'weekly': return { cron: `${plan.minute} ${hours} * * ${(plan.weekdays.length > 0 ? [...plan.weekdays].sort() : [1]).join(',')}` }
    case 'hourly': return { cron: `${plan.minute} * * * *` }
    case 'every': return { every: durationOf(Math.max(1, plan.every)) }
    case 'cron': return plan.cron ? { cron: plan.cron } : undefined
    default: return undefined
  }
}

const clock = (hour: number, minute: number): string => `${hour}:${String(minute).padStart(2, '0')}`
const ZH_DAYS = ['', '一', '二', '三', '四', '五', '六', '日']
const EN_DAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

export const sayMinutes = (minutes: number, language: 'zh' | 'en'): string => {
  const [size, zh, en]: [number, string, string] = minutes % 1440 === 0 ? [1440, '天', 'day'] : minutes % 60 === 0 ? [60, '小时', 'hour'] : [1, '分钟', 'minute']
  const count = minutes / size
  return language === 'zh' ? `${count} ${zh}` : `${count} ${en}${count === 1 ? '' : 's'}`
}

export const sayPlan = (plan: Plan, language: 'zh' | 'en'): string => {
  const zh = language === 'zh'
  const times = plan.hours.map((hour) => clock(hour, plan.minute)).join(zh ? '、' : ', ')
  switch (plan.kind) {
    case 'daily': return zh ? `每天 ${times}` : `Every day at ${times}`
    case 'weekly': return zh ? `每周${plan.weekdays.map((day) => ZH_DAYS[day]).join('、')} ${times}` : `Every ${plan.weekdays.map((day) => EN_DAYS[day]).join(', ')} at ${times}`
    case 'hourly': return zh ? `每小时的第 ${plan.minute} 分` : `Every hour at minute ${plan.minute}`
    case 'every': return zh ? `每 ${sayMinutes(plan.every, 'zh')}` : `Every ${sayMinutes(plan.every, 'en')}`
    case 'cron': return plan.cron
    default: return zh ? '不按时间运行' : 'Not on a schedule'
  }
}

export const saySchedule = (schedule: { cron?: string; every?: string } | null | undefined, language: 'zh' | 'en'): string => sayPlan(readPlan(schedule), language)
