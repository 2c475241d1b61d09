import { expect, it } from 'vitest'
import { stretches } from './promotions'

const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04']

it('merges phases that follow each other and cuts them to the axis', () => {
  const promotions = [{ name: '双11 2026 开门红', from: '2026-10-31', to: '2026-11-01' }, { name: '双11 2026 预热', from: '2026-10-14', to: '2026-10-30' }, { name: '双11 2026 平稳', from: '2026-11-02', to: '2026-11-20' }]
  expect(stretches(promotions, days)).toEqual([{ name: '双11', from: '2026-10-30', to: '2026-11-04' }])
})

it('keeps events apart and drops those outside', () => {
  const promotions = [{ name: '618', from: '2026-06-01', to: '2026-06-18' }, { name: '店庆', from: '2026-10-30', to: '2026-10-30' }, { name: '双11', from: '2026-10-31', to: '2026-11-01' }]
  expect(stretches(promotions, days).map((stretch) => stretch.name)).toEqual(['店庆', '双11'])
})
