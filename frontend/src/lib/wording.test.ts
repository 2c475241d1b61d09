import { expect, it } from 'vitest'
import { shortLabel, wordingOf } from './wording'

const fields = [
  { path: 'sales.quantity', label: '销量.销量', label_en: 'Quantity', type: 'number', group: '销量' },
  { path: 'sku.lead_time_days', label: '商品.提前期(天)', label_en: 'Lead time (days)', type: 'number', group: '商品' },
  { path: 'sku.supplier.lead_time_days', label: '商品.主供应商.提前期(天)', label_en: 'Supplier’s lead time', type: 'number', group: '商品' },
]
const docs = (name: string, alias: string) => ({ name, alias, signature: '', doc: '', doc_en: '', category: '', examples: [] })
const functions = [docs('AVG_DAILY', '日均'), docs('IF_NULL', '空值取')]
const zh = wordingOf(fields, functions, 'zh')
const en = wordingOf(fields, functions, 'en')

it('reads a comparison as a sentence', () => {
  expect(zh.say('available < daily * lead * 1.2')).toBe('可用库存 小于 日均销量 × 提前期 × 1.2')
  expect(en.say('available < daily * 1.2')).toBe('available stock is less than average daily sales × 1.2')
})

it('says options of a call as options', () => {
  expect(zh.say("avg_daily(sales.quantity, 7, exclude='spikes')")).toBe('日均（销量、7、不计 异常大单）')
  expect(en.say("avg_daily(sales.quantity, 7, exclude='spikes')")).toBe('avg daily(Quantity, 7, without one-off orders)')
})

it('says fallbacks from the inside out', () => {
  expect(zh.say('IF_NULL(sku.lead_time_days, IF_NULL(sku.supplier.lead_time_days, 7))')).toBe('提前期，没填取 主供应商的提前期，没填取 7')
  expect(en.say('IF_NULL(sku.lead_time_days, 7)')).toBe('Lead time, else 7')
})

it('shortens labels to what tells fields apart', () => {
  expect(['在库', '商品.提前期(天)', '商品.主供应商.提前期(天)'].map(shortLabel)).toEqual(['在库', '提前期', '主供应商的提前期'])
})
