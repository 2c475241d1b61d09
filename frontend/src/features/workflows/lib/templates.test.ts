import { expect, it } from 'vitest'
import { treeLayout } from '../../../lib/flow/layout'
import { flowOf, TEMPLATES } from './templates'

it('every template is drawn as a tree', () => {
  expect(TEMPLATES.map((template) => [template.key, treeLayout(flowOf(template, 'k', 'n')).tree])).toEqual(TEMPLATES.map((template) => [template.key, true]))
})
