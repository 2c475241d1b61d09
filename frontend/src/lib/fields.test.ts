import { expect, it } from 'vitest'
import { cellText, editorOf, sayField } from './fields'

it('shows money with two decimals, shares as percent, nothing as a dash', () => {
  expect(sayField({ key: 'a', type: 'money', label: '成本' }, 1234.5)).toBe('¥1,234.50')
  expect(sayField({ key: 'a', type: 'percent', label: '折扣' }, 0.125)).toBe('12.5%')
  expect(sayField({ key: 'a', type: 'text', label: '备注' }, null)).toBe('—')
})

it('shows the option\'s words, and a link by its label', () => {
  const stage = { key: 'stage', type: 'choice', label: '阶段', options: [{ value: 'hot', label: '爆品' }] }
  expect(sayField(stage, 'hot')).toBe('爆品')
  expect(cellText({ key: 'sku', type: 'link', label: '商品', form: 'sku' }, { id: 1, version: 1, values: { sku: 'A001' }, labels: { sku: 'A001 珍珠耳环' } })).toBe('A001 珍珠耳环')
})

it('never offers an editor for what the server computes', () => {
  expect(editorOf({ type: 'formula' })).toBe('fixed')
  expect(editorOf({ type: 'number', read_only: true })).toBe('fixed')
})
