import { expect, it } from 'vitest'
import { changed, difference } from './difference'

it('shows the line that changed, before and after', () => {
  const lines = changed(difference({ for: 1, levels: [{ when: 'a < 20' }] }, { for: 1, levels: [{ when: 'a < 50' }] }), 0)
  expect(lines).toEqual([{ kind: 'removed', text: '      "when": "a < 20"' }, { kind: 'added', text: '      "when": "a < 50"' }])
})

it('finds nothing between equals, and everything against nothing', () => {
  expect(changed(difference({ a: 1 }, { a: 1 }))).toEqual([])
  expect(difference(null, { a: 1 }).filter((line) => line.kind === 'added').map((line) => line.text.trim())).toContain('"a": 1')
})
