import { expect, it } from 'vitest'
import { applies, choicesOf, kindOf, type Setting, splitChoice, tabsOf } from './schema'

const REJECT: Setting = { type: 'string', 'x-choices': [['end', '流程结束', 'End'], ['goto:', '退到这一步', 'Go back to']] }

it('splits a choice that names something behind a colon', () => {
  const choices = choicesOf(REJECT) ?? []
  expect([splitChoice('end', choices).choice?.label, splitChoice('goto:boss', choices).rest, splitChoice(undefined, choices).choice]).toEqual(['流程结束', 'boss', undefined])
})

it('chooses the control by widget, choices and type', () => {
  const settings: Setting[] = [{ 'x-widget': 'people', type: 'array' }, REJECT, { type: 'array', items: { properties: {} } }, { type: 'array', items: { type: 'string' } }, { type: 'boolean' }, { type: ['string', 'number'] }]
  expect(settings.map(kindOf)).toEqual(['people', 'choice', 'rows', 'words', 'boolean', 'string'])
})

it('shows the share only where votes are counted by share', () => {
  const all: Record<string, Setting> = { mode: { default: 'all' }, ratio: { 'x-when': { mode: ['ratio'] } } }
  expect([applies(all.ratio as Setting, {}, all), applies(all.ratio as Setting, { mode: 'ratio' }, all)]).toEqual([false, true])
})

it('sorts settings into tabs', () => {
  expect([...tabsOf({ approvers: {}, mode: { 'x-group': 'people' }, write: { 'x-group': 'fields' }, on_reject: { 'x-group': 'return' } })]).toEqual([['main', ['approvers', 'mode']], ['fields', ['write']], ['more', ['on_reject']]])
})
