import { describe, expect, it } from 'vitest'
import { added, at, changed, moved, placeOf, type Route, toSave } from './model'

const ROUTE: Route = { kind: 'route', key: 'buyers', name: '采购', to: ['role:buyer'], routes: [{ match: 'a', routes: [{ match: 'b' }] }, { match: 'c' }] }

describe('a route as a tree', () => {
  it('finds and changes one branch and leaves the rest as it was', () => {
    const next = changed(ROUTE, [0, 0], (branch) => ({ ...branch, continue: true }))
    expect(at(next, [0, 0])).toEqual({ match: 'b', continue: true })
    expect(next.routes?.[1]).toBe(ROUTE.routes?.[1])
  })
  it('takes a branch away, adds one, and moves one', () => {
    expect(changed(ROUTE, [0], () => undefined).routes).toEqual([{ match: 'c' }])
    expect(at(added(ROUTE, [1]), [1, 0])?.match).toBe("level == 'critical'")
    expect(moved(ROUTE, [1], -1).routes?.map((branch) => branch.match)).toEqual(['c', 'a'])
    expect(moved(ROUTE, [1], 1)).toEqual(ROUTE)
  })
  it('reads the server’s paths', () => {
    expect(placeOf('buyers')).toEqual([])
    expect(placeOf('buyers.routes[0].routes[12]')).toEqual([0, 12])
  })
  it('saves nothing that says nothing', () => {
    expect(toSave({ ...ROUTE, channels: [], wait: '', continue: false, routes: undefined })).toEqual({ kind: 'route', key: 'buyers', name: '采购', to: ['role:buyer'] })
  })
})
