/** A form's layout as a tree in which every field stands exactly once; and back to the shortest document that says it. */
import type { Block, FormDefinition } from '../../api/types'

/** Where a block stands: its index among the blocks of the page, then of the block inside, … */
export type Place = readonly number[]

/** Between which blocks something is put: before the block at `index` of the container at `inside`. */
export interface Spot {
  inside: Place
  index: number
}

export const CONTAINERS: ReadonlySet<Block['type']> = new Set(['section', 'tabs', 'tab', 'columns'])

export const isContainer = (block: Block): boolean => CONTAINERS.has(block.type)

const cleaned = (blocks: readonly Block[], known: ReadonlySet<string>, seen: Set<string>): Block[] =>
  blocks.flatMap((block): Block[] => {
    if (block.type === 'field') {
      if (!block.field || !known.has(block.field) || seen.has(block.field)) return []
      seen.add(block.field)
      return [{ type: 'field', field: block.field }]
    }
    if (!isContainer(block)) return [block]
    const { fields, items, ...rest } = block
    const inner = [...(fields ?? []).map((field): Block => ({ type: 'field', field })), ...(items ?? [])]
    return [{ ...rest, items: cleaned(inner, known, seen) }]
  })

/** The blocks of a form; fields that the layout does not name follow at the end. */
export const blocksOf = (form: Pick<FormDefinition, 'fields' | 'layout'>): Block[] => {
  const seen = new Set<string>()
  const blocks = cleaned(form.layout ?? [], new Set(form.fields.map((field) => field.key)), seen)
  return [...blocks, ...form.fields.filter((field) => !seen.has(field.key)).map((field): Block => ({ type: 'field', field: field.key }))]
}

/** The keys of the fields in the order in which they stand. */
export const fieldOrder = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block) => (block.type === 'field' && block.field ? [block.field] : fieldOrder(block.items ?? [])))

const shortened = (block: Block): Block => {
  if (!isContainer(block)) return block
  const { items = [], ...rest } = block
  if (items.every((item) => item.type === 'field')) return items.length > 0 ? { ...rest, fields: items.map((item) => item.field ?? '') } : rest
  return { ...rest, items: items.map(shortened) }
}

/** The form with these blocks; its fields follow their order, and a plain list of fields needs no layout. */
export const withBlocks = <F extends Pick<FormDefinition, 'fields' | 'layout'>>(form: F, blocks: Block[]): F => {
  const byKey = new Map(form.fields.map((field) => [field.key, field]))
  const order = fieldOrder(blocks)
  const placed = new Set(order)
  const fields = [...order.flatMap((key) => byKey.get(key) ?? []), ...form.fields.filter((field) => !placed.has(field.key))]
  const { layout: _layout, ...rest } = form
  const plain = blocks.every((block) => block.type === 'field')
  return { ...(rest as F), fields, ...(plain ? {} : { layout: blocks.map(shortened) }) }
}

export const blockAt = (blocks: readonly Block[], place: Place): Block | undefined => {
  const [first, ...rest] = place
  if (first === undefined) return undefined
  const block = blocks[first]
  return rest.length === 0 ? block : blockAt(block?.items ?? [], rest)
}

export const childrenAt = (blocks: readonly Block[], inside: Place): readonly Block[] => (inside.length === 0 ? blocks : (blockAt(blocks, inside)?.items ?? []))

export const placeOfField = (blocks: readonly Block[], key: string, above: Place = []): Place | null => {
  for (const [index, block] of blocks.entries()) {
    if (block.type === 'field' && block.field === key) return [...above, index]
    const found = placeOfField(block.items ?? [], key, [...above, index])
    if (found) return found
  }
  return null
}

const changeChildren = (blocks: readonly Block[], inside: Place, change: (children: readonly Block[]) => Block[]): Block[] => {
  const [first, ...rest] = inside
  if (first === undefined) return change(blocks)
  return blocks.map((block, index) => (index === first ? { ...block, items: changeChildren(block.items ?? [], rest, change) } : block))
}

export const insertAt = (blocks: readonly Block[], spot: Spot, block: Block): Block[] =>
  changeChildren(blocks, spot.inside, (children) => [...children.slice(0, spot.index), block, ...children.slice(spot.index)])

const last = (place: Place): number => place.at(-1) ?? 0
const parent = (place: Place): Place => place.slice(0, -1)

export const removeAt = (blocks: readonly Block[], place: Place): Block[] =>
  changeChildren(blocks, parent(place), (children) => children.filter((_, index) => index !== last(place)))

export const replaceAt = (blocks: readonly Block[], place: Place, block: Block): Block[] =>
  changeChildren(blocks, parent(place), (children) => children.map((child, index) => (index === last(place) ? block : child)))

const within = (place: Place, around: Place): boolean => around.length <= place.length && around.every((step, index) => place[index] === step)

/** The spot once the block at `gone` has been taken out. */
const without = (spot: Spot, gone: Place): Spot => {
  const depth = gone.length - 1
  const sameParent = within(spot.inside, parent(gone))
  if (!sameParent) return spot
  if (spot.inside.length === depth) return spot.index > last(gone) ? { ...spot, index: spot.index - 1 } : spot
  const step = spot.inside[depth] ?? 0
  return step > last(gone) ? { ...spot, inside: spot.inside.map((one, index) => (index === depth ? one - 1 : one)) } : spot
}

/** What may stand where: tabs hold tabs only, a tab stands in tabs only, tabs and sections do not nest twice. */
export const mayStand = (block: Block, container: Block | undefined): boolean => {
  if (container?.type === 'tabs') return block.type === 'tab'
  if (block.type === 'tab') return false
  if (container === undefined) return true
  if (container.type === 'section' || container.type === 'columns') return !isContainer(block)
  return block.type !== 'tabs'
}

/** Move the block at `from`; null where it may not stand, or would stand in itself. */
export const move = (blocks: readonly Block[], from: Place, spot: Spot): { blocks: Block[]; place: Place } | null => {
  const block = blockAt(blocks, from)
  if (!block || within(spot.inside, from)) return null
  if (!mayStand(block, blockAt(blocks, spot.inside))) return null
  const target = without(spot, from)
  return { blocks: insertAt(removeAt(blocks, from), target, block), place: [...target.inside, target.index] }
}

/** Take a container away and leave what stands in it where it stood. */
export const unwrap = (blocks: readonly Block[], place: Place): Block[] => {
  const block = blockAt(blocks, place)
  const inner = (block?.items ?? []).flatMap((item) => (item.type === 'tab' ? (item.items ?? []) : [item]))
  return changeChildren(blocks, parent(place), (children) => children.flatMap((child, index) => (index === last(place) ? inner : [child])))
}

/** One step up or down by keyboard: past a neighbour, into it when it is a container, out at its edge. */
export const stepSpot = (blocks: readonly Block[], place: Place, down: boolean): Spot | null => {
  const block = blockAt(blocks, place)
  if (!block) return null
  const siblings = childrenAt(blocks, parent(place))
  const next = siblings[last(place) + (down ? 1 : -1)]
  if (next && isContainer(next)) {
    const inside = [...parent(place), last(place) + (down ? 1 : -1)]
    const target = next.type === 'tabs' && block.type !== 'tab' ? [...inside, down ? 0 : Math.max(0, (next.items ?? []).length - 1)] : inside
    const container = blockAt(blocks, target)
    if (container && mayStand(block, container)) return { inside: target, index: down ? 0 : (container.items ?? []).length }
  }
  if (next) return { inside: parent(place), index: down ? last(place) + 2 : last(place) - 1 }
  let edge = parent(place)
  while (edge.length > 0) {
    const spot = { inside: parent(edge), index: last(edge) + (down ? 1 : 0) }
    if (mayStand(block, blockAt(blocks, spot.inside))) return spot
    edge = parent(edge)
  }
  return null
}
