import { describe, expect, it } from 'vitest'
import { exactMoment, type Saying, sayDay, sayMoment, saySpan } from './dates'

const zh: Saying = { language: 'zh', zone: 'Asia/Shanghai', now: new Date('2026-11-25T03:00:00Z') }
const en: Saying = { ...zh, language: 'en' }

describe('sayMoment', () => {
  it('says today, yesterday and tomorrow in the zone, not in UTC', () => {
    expect(sayMoment('2026-11-24T16:20:00Z', zh)).toBe('今天 00:20')
    expect(sayMoment('2026-11-24T15:59:00Z', zh)).toBe('昨天 23:59')
    expect(sayMoment('2026-11-25T16:00:00Z', en)).toBe('Tomorrow 00:00')
  })
  it('gives the weekday within the year and the year beyond it', () => {
    expect(sayMoment('2026-11-03T06:20:00Z', zh)).toBe('11月3日 周二 14:20')
    expect(sayMoment('2026-11-03T06:20:00Z', en)).toBe('Tue 3 Nov 14:20')
    expect(sayDay('2025-01-05', zh)).toBe('2025年1月5日')
    expect(sayDay('2025-01-05', en)).toBe('5 Jan 2025')
  })
  it('does not shift a plain day by the zone', () => {
    expect(sayMoment('2026-11-25', zh)).toBe('今天')
    expect(exactMoment('2026-11-25', 'America/New_York')).toBe('2026-11-25')
  })
})

describe('saySpan', () => {
  it('takes the largest unit that fits', () => {
    expect(saySpan(3 * 86_400 + 5, 'zh')).toBe('3 天')
    expect(saySpan(3600, 'en')).toBe('1 hour')
    expect(saySpan(20, 'en')).toBe('less than a minute')
  })
})
