import { describe, expect, it } from 'vitest'
import { durationOf, minutesOf, readPlan, saySchedule, writePlan } from './schedule'

describe('schedules', () => {
  it.each([
    ['0 8,14,20 * * *', '每天 8:00、14:00、20:00', 'Every day at 8:00, 14:00, 20:00'],
    ['30 9 * * 1-5', '每周一、二、三、四、五 9:30', 'Every Mon, Tue, Wed, Thu, Fri at 9:30'],
    ['5 * * * *', '每小时的第 5 分', 'Every hour at minute 5'],
    ['*/10 8-20 * * *', '*/10 8-20 * * *', '*/10 8-20 * * *'],
  ])('%s reads as words', (cron, zh, en) => {
    expect(saySchedule({ cron }, 'zh')).toBe(zh)
    expect(saySchedule({ cron }, 'en')).toBe(en)
  })

  it('writes back the line it read', () => {
    for (const cron of ['0 8,14,20 * * *', '30 9 * * 1,3', '5 * * * *', '*/10 8-20 1 * *']) expect(writePlan(readPlan({ cron }))).toEqual({ cron })
    expect(writePlan(readPlan({ every: 'PT90M' }))).toEqual({ every: 'PT90M' })
    expect(writePlan(readPlan(null))).toBeUndefined()
  })

  it('takes Sunday as 0 and as 7', () => {
    expect(readPlan({ cron: '0 8 * * 0' }).weekdays).toEqual([7])
    expect(readPlan({ cron: '0 8 * * 7' }).weekdays).toEqual([7])
  })

  it('turns durations into minutes and back', () => {
    expect(minutesOf('P1DT2H')).toBe(1560)
    expect(minutesOf('soon')).toBeNull()
    expect([1440, 120, 45].map(durationOf)).toEqual(['P1D', 'PT2H', 'PT45M'])
  })
})
