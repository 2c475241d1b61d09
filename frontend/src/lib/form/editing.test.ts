import { expect, it } from 'vitest'
import type { FormDefinition, FormField } from '../../api/types'
import { addBlock, addField, copyField, moveBlock, moveColumn, removeBlock, removeField, renameField } from './editing'
import { blocksOf, fieldOrder, placeOfField, stepSpot } from './layout'

const text = (key: string): FormField => ({ key, type: 'text', label: key })
const form = (...keys: string[]): FormDefinition => ({ key: 'goods', name: '商品', fields: keys.map(text) })

it('needs no layout for a plain list, and keeps the order of the canvas in the fields', () => {
  const moved = moveBlock(form('a', 'b', 'c'), [0], { inside: [], index: 3 })
  expect(moved?.form).toEqual(form('b', 'c', 'a'))
  expect(moved?.place).toEqual([2])
})

it('puts fields into sections and takes a section away without them', () => {
  const drawn = addBlock(form('a', 'b'), { type: 'section', title: '基本', columns: 2, items: [] }, { inside: [], index: 0 })
  const filled = moveBlock(drawn, [2], { inside: [0], index: 0 })?.form as FormDefinition
  expect(filled.layout).toEqual([{ type: 'section', title: '基本', columns: 2, fields: ['b'] }, { type: 'field', field: 'a' }])
  expect(fieldOrder(blocksOf(filled))).toEqual(['b', 'a'])
  expect(removeBlock(filled, [0])).toEqual(form('b', 'a'))
})

it('refuses a section in a section and a block in itself', () => {
  const drawn = addBlock(addBlock(form('a'), { type: 'section', items: [] }), { type: 'section', items: [] })
  expect(moveBlock(drawn, [1], { inside: [2], index: 0 })).toBeNull()
  expect(moveBlock(drawn, [1], { inside: [1], index: 0 })).toBeNull()
})

it('steps into, through and out of a section by keyboard', () => {
  let drawn = addBlock(form('a', 'b'), { type: 'section', items: [] }, { inside: [], index: 1 })
  const step = (key: string, down: boolean): void => {
    const place = placeOfField(blocksOf(drawn), key) ?? []
    const spot = stepSpot(blocksOf(drawn), place, down)
    if (spot) drawn = moveBlock(drawn, place, spot)?.form ?? drawn
  }
  step('a', true)
  expect(drawn.layout).toEqual([{ type: 'section', fields: ['a'] }, { type: 'field', field: 'b' }])
  step('a', true)
  expect(drawn.layout).toEqual([{ type: 'section' }, { type: 'field', field: 'a' }, { type: 'field', field: 'b' }])
  step('a', true)
  expect(fieldOrder(blocksOf(drawn))).toEqual(['b', 'a'])
})

it('renames a field in formulas, rules, checks and layout, and no longer name by accident', () => {
  const drawn: FormDefinition = {
    ...form('a', 'ab'),
    fields: [text('a'), text('ab'), { key: 'f', type: 'formula', label: 'f', expression: "a * 2 + ab + a.b + 'a'" }],
    rules: [{ when: 'a > 1', show: ['a'], set: { a: 'ab' } }],
    checks: [{ check: 'a < 9', message: '!', fields: ['a'] }],
  }
  const renamed = renameField(drawn, 'a', 'z')
  expect(renamed.fields.map((field) => field.expression ?? field.key)).toEqual(['z', 'ab', "z * 2 + ab + z.b + 'a'"])
  expect(renamed.rules).toEqual([{ when: 'z > 1', show: ['z'], set: { z: 'ab' } }])
  expect(renamed.checks).toEqual([{ check: 'z < 9', message: '!', fields: ['z'] }])
  expect(renameField(drawn, 'a', 'ab')).toEqual(drawn)
})

it('forgets a removed field in rules and views', () => {
  const drawn: FormDefinition = { ...form('a', 'b'), rules: [{ when: 'b == 1', show: ['a', 'b'] }], natural_keys: ['a'] }
  expect(removeField(drawn, 'a')).toEqual({ ...form('b'), rules: [{ when: 'b == 1', show: ['b'] }] })
})

it('copies a field beside itself under a new key', () => {
  const copied = copyField(addField(form('a', 'b'), { ...text('a_2'), required: true }), 'a', (label) => `${label}*`)
  expect(copied?.form.fields.map((field) => [field.key, field.label])).toEqual([['a', 'a'], ['a_2_2', 'a*'], ['b', 'b'], ['a_2', 'a_2']])
})

it('moves a column of a sub-form', () => {
  const drawn: FormDefinition = { ...form(), fields: [{ key: 'lines', type: 'sub_form', label: '明细', fields: ['x', 'y', 'z'].map(text) }] }
  expect(moveColumn(drawn, 'lines', 'x', 3).fields[0]?.fields?.map((field) => field.key)).toEqual(['y', 'z', 'x'])
  expect(moveColumn(drawn, 'lines', 'z', 0).fields[0]?.fields?.map((field) => field.key)).toEqual(['z', 'x', 'y'])
})
