import { expect, it } from 'vitest'
import type { FormDefinition, ImportAnalysis } from '../../api/types'
import { bestGuess, guessColumns, importBody, missing } from './mapping'

const form: FormDefinition = {
  key: 'stock', name: '库存', natural_keys: ['sku', 'warehouse'],
  fields: [{ key: 'sku', type: 'sku', label: '商品' }, { key: 'warehouse', type: 'warehouse', label: '仓库' }, { key: 'on_hand', type: 'quantity', label: '在库数量', label_en: 'On hand', required: true }],
}
const analysis = { file: 'token', name: 'a.csv', sheet: null, guesses: [{ key: 'plain', name: '库存表', score: 0.9, into: 'stock', columns: { 编码: 'sku', 仓: 'warehouse', 数: 'on_hand' } }, { key: 'orders', name: '订单', score: 0.95, into: 'sales', columns: {} }] } as unknown as ImportAnalysis

it('guesses by key, label and English label, each field once', () => {
  expect(guessColumns(['SKU', '在库 数量', 'on_hand', '备注'], form.fields)).toEqual({ SKU: 'sku', '在库 数量': 'on_hand' })
})

it('takes the best preset for the very form', () => {
  expect(bestGuess(analysis, 'stock')?.key).toBe('plain')
  expect(bestGuess(analysis, 'sku')).toBeNull()
})

it('names what is still missing', () => {
  expect(missing(form, { 编码: 'sku' }).map((field) => field.key)).toEqual(['warehouse', 'on_hand'])
})

it('sends the preset by its key when untouched, the whole mapping when changed', () => {
  const guess = bestGuess(analysis, 'stock')
  const columns = guess?.columns ?? {}
  expect(importBody({ analysis, into: 'stock', columns, guess, preset: null }, true)).toEqual({ file: 'token', into: 'stock', mapping_key: 'plain', options: { dry_run: true } })
  const changed = importBody({ analysis, into: 'stock', columns: { 编码: 'sku' }, guess, preset: { skip_when: 'x' } }, false)
  expect(changed.mapping).toEqual({ skip_when: 'x', kind: 'mapping', key: 'inline', name: 'a.csv', into: 'stock', columns: { 编码: 'sku' } })
})
