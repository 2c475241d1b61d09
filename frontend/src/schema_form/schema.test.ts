import { expect, it } from 'vitest'
import { filledIn, kindOf, propertiesOf } from './schema'

it('chooses the control by type, enum and secrecy', () => {
  expect([{ type: 'string' }, { type: 'integer' }, { type: ['string', 'null'] }, { enum: ['a'] }, { type: 'string', secret: true }, { type: 'array', items: { type: 'string' } }, { type: 'string', maxLength: 2000 }].map(kindOf)).toEqual(['text', 'number', 'text', 'choice', 'secret', 'list', 'long'])
})

it('flattens inner objects and knows what is required where', () => {
  const found = propertiesOf({ type: 'object', required: ['host'], properties: { host: { type: 'string', title: '服务器' }, login: { type: 'object', required: ['user'], properties: { user: { type: 'string' } } } } }, ['settings'])
  expect(found.map((item) => [item.path.join('.'), item.label, item.required])).toEqual([['settings.host', '服务器', true], ['settings.login.user', 'user', true]])
})

it('leaves empty answers out, but keeps false and 0', () => {
  expect(filledIn({ a: '', b: null, c: 0, d: false, e: { f: '' } })).toEqual({ c: 0, d: false, e: {} })
})
