import { expect, it } from 'vitest'
import { callAt, current, hintOf, parameters } from './signature'

const SERIES = "avg_daily(x: facts, n: whole, *, exclude: 'spikes'/'promotions'/'stockouts' = None, by: word = None, offset: whole = 0) -> number"
const doc = { name: 'avg_daily', alias: '日均', signature: SERIES, doc: '最近 n 天的日均。', doc_en: 'Mean a day.', category: 'series', examples: [] }
const at = (marked: string) => callAt(marked.replace('|', ''), marked.indexOf('|'))

it('finds the innermost call and the argument, half-width or full-width', () => {
  expect(at('a < avg_daily(sales.quantity, 7|) * 2')).toMatchObject({ name: 'avg_daily', index: 1, option: null })
  expect(at('日均（sales.quantity，|')).toMatchObject({ name: '日均', index: 1 })
  expect(at('ROUND(max(a, b|), 2)')).toMatchObject({ name: 'max', index: 1 })
  expect(at('ROUND(max(a, b), |2)')).toMatchObject({ name: 'ROUND', index: 1 })
  expect(at("avg_daily(x, 7, exclude='sp|ikes')")).toMatchObject({ index: 2, option: 'exclude' })
})

it('knows when there is no call', () => {
  expect([at('a < (b + |c)'), at('avg_daily(x, 7)| < 3'), at('|avg_daily(x)'), at('')]).toEqual([null, null, null, null])
})

it('looks through plain brackets to the call around them', () => {
  expect(at('max((a + |b), c)')).toMatchObject({ name: 'max', index: 0 })
})

it('reads a signature, its options and its repeating parameter', () => {
  expect(parameters(SERIES).map((one) => [one.name, one.required, one.option])).toEqual([['x', true, false], ['n', true, false], ['exclude', false, true], ['by', false, true], ['offset', false, true]])
  const values = parameters("JOIN(*values: text, separator: text = '、,') -> text")
  expect(values.map((one) => [one.name, one.repeats, one.required])).toEqual([['values', true, true], ['separator', false, false]])
  expect(current(parameters('MAX(*values: O) -> O'), { name: 'max', start: 0, index: 4, option: null })).toBe(0)
})

it('says what is expected, in the words of the language', () => {
  const hint = hintOf({ name: '日均', start: 0, index: 1, option: null }, [doc], 'zh')
  expect(hint?.name).toBe('日均')
  expect(hint?.parameters.map((one) => one.text)).toEqual(['哪一列', '天数', "[不计 exclude='spikes'|'promotions'|'stockouts']", '[按 by=]', '[往前推 offset=]'])
  expect(hint?.parameters.findIndex((one) => one.current)).toBe(1)
  expect(hintOf({ name: 'AVG_DAILY', start: 0, index: 2, option: 'offset' }, [doc], 'en')?.parameters.findIndex((one) => one.current)).toBe(4)
  expect(hintOf({ name: 'nobody', start: 0, index: 0, option: null }, [doc], 'zh')).toBeNull()
})
