import { expect, it } from 'vitest'
import { fieldWords, functionWords, suggest, valueWords } from './vocabulary'

const words = [
  ...fieldWords([{ path: 'on_hand', label: '在库数量', type: 'number', group: '库存' }, { path: 'sku.safety_stock', label: '安全库存', label_en: 'Safety stock', type: 'number', group: '商品' }], 'zh'),
  ...valueWords({ 可用库存: 'on_hand - reserved' }),
  ...functionWords([{ name: 'AVG_DAILY', alias: '日均', signature: 'avg_daily(x, n)', doc: '平均', doc_en: 'Average', category: 'series', examples: [] }], 'zh'),
]
const inserted = (typed: string): string[] => suggest(words, typed).map((word) => word.insert)

it('finds by Chinese, by key, by a part of the path and by pinyin initials', () => {
  expect(inserted('安全')).toEqual(['sku.safety_stock'])
  expect(inserted('on_h')).toEqual(['on_hand'])
  expect(inserted('safety')).toEqual(['sku.safety_stock'])
  expect(inserted('aqkc')).toEqual(['sku.safety_stock'])
  expect(inserted('kykc')).toEqual(['可用库存'])
})

it('offers functions by either name and opens their bracket', () => {
  expect(inserted('avg')).toEqual(['avg_daily('])
  expect(inserted('日')).toEqual(['avg_daily('])
})

it('puts named values before fields, and nothing where nothing fits', () => {
  expect(inserted('')[0]).toBe('可用库存')
  expect(inserted('zzz')).toEqual([])
})
