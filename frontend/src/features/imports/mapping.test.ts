import { expect, it } from 'vitest'
import type { FormDefinition, ImportAnalysis } from '../../api/types'
import { bestGuess, guessColumns, importBody, likelyForm, missing, presetColumns } from './mapping'

const form: FormDefinition = {
  key: 'stock', name: '库存', natural_keys: ['sku', 'warehouse'],
  fields: [{ key: 'sku', type: 'sku', label: '商品' }, { key: 'warehouse', type: 'warehouse', label: '仓库' }, { key: 'on_hand', type: 'quantity', label: '在库数量', label_en: 'On hand', required: true }],
}
const column = (name: string, type_guess: string) => ({ name, samples: [], type_guess })
const analysis = { file: 'token', name: 'a.csv', sheet: null, columns: [column('编码', 'text'), column('日期', 'date'), column('数', 'number')], guesses: [{ mapping: 'plain_stock', name: '库存表', score: 0.9, into: 'stock' }, { mapping: 'weak', name: '商品表', score: 0.1, into: 'sku' }], into_guess: 'stock' } as unknown as ImportAnalysis

it('guesses by key, label and common name, each field once', () => {
  expect(guessColumns(['SKU', '在库 数量', '数量', '备注'], form.fields)).toEqual({ SKU: 'sku', '在库 数量': 'on_hand' })
  expect(guessColumns(['商家编码', '数量', '仓'], form.fields)).toEqual({ 商家编码: 'sku', 数量: 'on_hand', 仓: 'warehouse' })
})

it('takes a preset only when it is more than a coincidence', () => {
  expect(bestGuess(analysis, 'stock')?.mapping).toBe('plain_stock')
  expect(bestGuess(analysis, 'sku')).toBeNull()
})

it('sees sales in a date and a number where no preset fits', () => {
  expect(likelyForm(analysis)).toBe('stock')
  expect(likelyForm({ ...analysis, guesses: [] })).toBe('sales')
})

it('finds a preset\'s columns in the file, by its own names first', () => {
  expect(presetColumns({ columns: { 商家编码: 'sku', 外部系统编号: 'sku', 数量: 'quantity' }, synonyms: { date: ['付款时间'] } }, ['外部系统编号', '商家编码', '付款时间'])).toEqual({ 商家编码: 'sku', 付款时间: 'date' })
})

it('names what is still missing; one shop has one warehouse', () => {
  expect(missing(form, { 编码: 'sku' }).map((field) => field.key)).toEqual(['on_hand'])
})

it('sends the preset by its key when untouched, the whole mapping when changed', () => {
  const preset = { skip_when: 'x', columns: { 编码: 'sku' }, synonyms: {} }
  const chosen = { analysis, into: 'stock', columns: { 编码: 'sku' }, presetKey: 'plain_stock', preset, edited: false }
  expect(importBody(chosen, true)).toEqual({ file: 'token', into: 'stock', mapping_key: 'plain_stock', options: { dry_run: true } })
  expect(importBody({ ...chosen, edited: true }, false).mapping).toEqual({ skip_when: 'x', kind: 'mapping', key: 'inline', name: 'a.csv', into: 'stock', columns: { 编码: 'sku' } })
})
