/** A route as a tree of branches: paths into it, and changes that leave the rest as it was. */
import type { Quiet } from '../../components/quiet-rows'

export interface Step {
  after: string
  to: string[]
  channels?: string[]
}

export interface Branch {
  name?: string
  match?: string
  to?: string[]
  channels?: string[]
  group_by?: string[]
  wait?: string
  repeat_every?: string
  continue?: boolean
  escalate?: Step[]
  quiet?: Quiet[]
  message?: string
  routes?: Branch[]
}

export interface Route extends Branch {
  kind: 'route'
  key: string
  name: string
}

export type Place = readonly number[]

export const at = (root: Branch, place: Place): Branch | undefined => {
  let found: Branch | undefined = root
  for (const step of place) found = found?.routes?.[step]
  return found
}

/** The branch at `place` replaced by what `change` makes of it; undefined takes it away. */
export const changed = <B extends Branch>(root: B, place: Place, change: (branch: Branch) => Branch | undefined): B => {
  const [first, ...rest] = place
  if (first === undefined) return (change(root) ?? root) as B
  const routes = [...(root.routes ?? [])]
  const inner = routes[first]
  if (!inner) return root
  const next = rest.length === 0 ? change(inner) : changed(inner, rest, change)
  if (next === undefined) routes.splice(first, 1)
  else routes[first] = next
  return { ...root, routes: routes.length > 0 ? routes : undefined }
}

export const added = <B extends Branch>(root: B, place: Place): B => changed(root, place, (branch) => ({ ...branch, routes: [...(branch.routes ?? []), { match: "level == 'critical'" }] }))

export const moved = <B extends Branch>(root: B, place: Place, by: -1 | 1): B => {
  const above = place.slice(0, -1)
  const from = place[place.length - 1] ?? 0
  return changed(root, above, (branch) => {
    const routes = [...(branch.routes ?? [])]
    const to = from + by
    const [one, other] = [routes[from], routes[to]]
    if (!one || !other) return branch
    routes[from] = other
    routes[to] = one
    return { ...branch, routes }
  })
}

/** `buyers.routes[0].routes[1]` as the server names a branch → [0, 1]. */
export const placeOf = (path: string): number[] => Array.from(path.matchAll(/routes\[(\d+)\]/g), (found) => Number(found[1]))

export const withoutEmpty = (branch: Branch): Branch =>
  Object.fromEntries(Object.entries(branch).filter(([, value]) => value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0))) as Branch

const pruned = (branch: Branch): Branch => withoutEmpty({ ...branch, routes: branch.routes?.map(pruned) })

export const toSave = (route: Route): Route => ({ ...pruned(route), kind: 'route', key: route.key, name: route.name })
