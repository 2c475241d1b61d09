/** Dates as people say them, in the workspace's zone: 今天 14:20, 11月3日 周二. Pure: language, zone and now are arguments. */

export interface Saying {
  language: 'zh' | 'en'
  zone: string
  now: Date
}

interface Parts {
  year: number
  month: number
  day: number
  hour: string
  minute: string
  weekday: number
}

const DAY_MS = 86_400_000
const ZH_WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const EN_WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const EN_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const formatters = new Map<string, Intl.DateTimeFormat>()

const formatter = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  formatters.set(zone, made)
  return made
}

const partsOf = (moment: Date, zone: string): Parts => {
  const found = Object.fromEntries(formatter(zone).formatToParts(moment).map((part) => [part.type, part.value]))
  const [year, month, day] = [Number(found.year), Number(found.month), Number(found.day)]
  return { year, month, day, hour: found.hour ?? '00', minute: found.minute ?? '00', weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() }
}

const dayNumber = (parts: Parts): number => Date.UTC(parts.year, parts.month - 1, parts.day) / DAY_MS

const isPlainDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value)

const read = (value: string, zone: string): Parts => {
  if (!isPlainDay(value)) return partsOf(new Date(value), zone)
  const [year = 0, month = 1, day = 1] = value.split('-').map(Number)
  return { year, month, day, hour: '', minute: '', weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() }
}

const NEAR: Record<string, [string, string]> = { '-1': ['昨天', 'Yesterday'], '0': ['今天', 'Today'], '1': ['明天', 'Tomorrow'] }

const dateText = (parts: Parts, today: Parts, language: 'zh' | 'en'): string => {
  if (language === 'zh') {
    const day = `${parts.month}月${parts.day}日`
    return parts.year === today.year ? `${day} ${ZH_WEEKDAYS[parts.weekday]}` : `${parts.year}年${day}`
  }
  const day = `${parts.day} ${EN_MONTHS[parts.month - 1]}`
  return parts.year === today.year ? `${EN_WEEKDAYS[parts.weekday]} ${day}` : `${day} ${parts.year}`
}

const dayText = (parts: Parts, today: Parts, language: 'zh' | 'en'): string => {
  const near = NEAR[String(dayNumber(parts) - dayNumber(today))]
  if (near) return language === 'zh' ? near[0] : near[1]
  return dateText(parts, today, language)
}

/** The local day of a moment, as 2026-11-25. */
export const dayOf = (moment: Date, zone: string): string => {
  const { year, month, day } = partsOf(moment, zone)
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}

/** Say the date itself, also when it is today: 11月25日 周三. */
export const sayDate = (value: string, saying: Saying): string => dateText(read(value, saying.zone), partsOf(saying.now, saying.zone), saying.language)

/** Say a day (`2026-11-03`) or the day of a moment. */
export const sayDay = (value: string, saying: Saying): string =>
  dayText(read(value, saying.zone), partsOf(saying.now, saying.zone), saying.language)

/** Say a moment: its day and, unless it is a plain day, its time. */
export const sayMoment = (value: string, saying: Saying): string => {
  const parts = read(value, saying.zone)
  const day = dayText(parts, partsOf(saying.now, saying.zone), saying.language)
  return parts.hour === '' ? day : `${day} ${parts.hour}:${parts.minute}`
}

/** The exact moment, for hovering. */
export const exactMoment = (value: string, zone: string): string => {
  const parts = read(value, zone)
  const day = [parts.year, String(parts.month).padStart(2, '0'), String(parts.day).padStart(2, '0')].join('-')
  return parts.hour === '' ? day : `${day} ${parts.hour}:${parts.minute} (${zone})`
}

const UNITS: [number, string, string][] = [
  [86_400, '天', 'day'],
  [3600, '小时', 'hour'],
  [60, '分钟', 'minute'],
]

/** Say how long: the largest unit that fits (3 天, 2 hours). */
export const saySpan = (seconds: number, language: 'zh' | 'en'): string => {
  for (const [size, chinese, english] of UNITS) {
    const count = Math.floor(Math.abs(seconds) / size)
    if (count >= 1) return language === 'zh' ? `${count} ${chinese}` : `${count} ${english}${count === 1 ? '' : 's'}`
  }
  return language === 'zh' ? '不到 1 分钟' : 'less than a minute'
}
