import { expect, it } from 'vitest'
import type { Episode } from '../../api/types'
import { groupEpisodes } from './grouping'

const episode = (id: number, level: string, warehouse: string): Episode =>
  ({ id, level, keys: { warehouse }, labels: { warehouse: `${warehouse}仓` }, rule: { key: 'low', name: '低库存', version: 1 } }) as unknown as Episode

it('puts the group with the most critical alerts first and keeps every alert once', () => {
  const groups = groupEpisodes([episode(1, 'warning', 'hb'), episode(2, 'critical', 'hd'), episode(3, 'warning', 'hb'), episode(4, 'critical', 'hd')], 'warehouse')
  expect(groups.map((group) => [group.label, group.critical, group.items.length])).toEqual([['hd仓', 2, 2], ['hb仓', 0, 2]])
})

it('groups by rule under its name', () => {
  expect(groupEpisodes([episode(1, 'warning', 'hb')], 'rule')[0]?.label).toBe('低库存')
})
