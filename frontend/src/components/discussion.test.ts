import { expect, it } from 'vitest'
import { mentioned } from './discussion'

it('finds the colleagues behind an @', () => {
  const people = [{ key: 'chen', name: '陈宁' }, { key: 'wang', name: '王敏' }]
  expect(mentioned('@陈宁 请看一下报价，王敏知道', people)).toEqual(['chen'])
})
