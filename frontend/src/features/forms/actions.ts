/** What the designer's buttons, keys and drops do. */
import type { Block, FieldTypeInfo, FormDefinition, FormField } from '../../api/types'
import i18next from 'i18next'
import { pick } from '../../i18n'
import { addBlock, addColumn, addField, copyField, freeKey, keysOf, moveBlock, moveColumn, removeBlock, removeColumn, removeField } from '../../lib/form/editing'
import { blockAt, blocksOf, type Place, placeOfField, type Spot, stepSpot } from '../../lib/form/layout'
import { type Drop, edit, type Selected, useDesk, useFormStore } from './store'

const say = (text: string): void => useDesk.getState().say(text)
const select = (selected: Selected): void => useDesk.getState().select(selected)
const form = (): FormDefinition | null => useFormStore.getState().definition

/** A new field of a type: what the type cannot do without, from its example; words of ours for what people will change. */
export const freshField = (info: FieldTypeInfo, taken: Iterable<string>): FormField => {
  const required = new Set((info.schema as { required?: string[] }).required ?? [])
  const settings = Object.fromEntries(Object.entries(info.example).filter(([name]) => required.has(name)))
  const field: FormField = { ...settings, key: freeKey(info.type, taken), type: info.type, label: pick(info, 'title') }
  if (required.has('options')) field.options = [1, 2, 3].map((n) => i18next.t('选项 {{n}}', { n }))
  if (info.type === 'formula') field.expression = ''
  if (info.type === 'link') field.form = ''
  if (info.type === 'select_data') Object.assign(field, { form: '', copy: {} })
  if (info.type === 'sub_form') field.fields = []
  if (info.type === 'auto_number') field.pattern = 'NO{yyyy}{mm}{dd}-{n:4}'
  return field
}

const LAYOUT_PARTS: Record<string, () => Block> = {
  section: () => ({ type: 'section', title: i18next.t('分组'), columns: 2, items: [] }),
  tabs: () => ({ type: 'tabs', items: [1, 2].map((n): Block => ({ type: 'tab', title: i18next.t('标签页 {{n}}', { n }), items: [] })) }),
  text: () => ({ type: 'text', text: i18next.t('写给填表人的话') }),
  divider: () => ({ type: 'divider' }),
}

export type Part = { kind: 'field'; info: FieldTypeInfo } | { kind: 'layout'; type: string }

/** After what is selected; at the end when nothing is. */
const spotAfterSelection = (current: FormDefinition): Spot | undefined => {
  const { selected } = useDesk.getState()
  const blocks = blocksOf(current)
  if (selected.kind === 'block') {
    const block = blockAt(blocks, selected.place)
    if (block?.type === 'section' || block?.type === 'tab' || block?.type === 'columns') return { inside: selected.place, index: block.items?.length ?? 0 }
    if (block?.type === 'tabs') return { inside: [...selected.place, 0], index: block.items?.[0]?.items?.length ?? 0 }
    return { inside: selected.place.slice(0, -1), index: (selected.place.at(-1) ?? 0) + 1 }
  }
  const key = selected.kind === 'field' || selected.kind === 'column' ? selected.key : null
  const place = key ? placeOfField(blocks, key) : null
  return place ? { inside: place.slice(0, -1), index: (place.at(-1) ?? 0) + 1 } : undefined
}

const addPartField = (current: FormDefinition, info: FieldTypeInfo, drop: Drop | null): void => {
  const { selected } = useDesk.getState()
  const inSub = drop?.kind === 'column' ? drop : drop === null && selected.kind === 'column' ? { key: selected.key, index: Number.MAX_SAFE_INTEGER } : null
  if (inSub && info.type !== 'sub_form') {
    const columns = current.fields.find((field) => field.key === inSub.key)?.fields ?? []
    const column = freshField(info, keysOf(columns))
    edit((given) => addColumn(given, inSub.key, column, Math.min(inSub.index, columns.length)))
    select({ kind: 'column', key: inSub.key, column: column.key })
    say(i18next.t('已加上一列：{{label}}', { label: column.label }))
    return
  }
  const field = freshField(info, keysOf(current.fields))
  edit((given) => addField(given, field, drop?.kind === 'spot' ? drop.spot : spotAfterSelection(given)))
  select({ kind: 'field', key: field.key })
  say(i18next.t('已加上字段：{{label}}', { label: field.label }))
}

export const addPart = (part: Part, drop: Drop | null): void => {
  const current = form()
  if (!current) return
  if (part.kind === 'field') {
    addPartField(current, part.info, drop)
    return
  }
  const block = LAYOUT_PARTS[part.type]?.()
  if (!block) return
  const wanted = drop?.kind === 'spot' ? drop.spot : spotAfterSelection(current)
  const nested = wanted && wanted.inside.length > 0 && (block.type === 'section' || block.type === 'tabs')
  const spot = nested ? { inside: [], index: (wanted.inside[0] ?? 0) + 1 } : (wanted ?? { inside: [], index: blocksOf(current).length })
  edit((given) => addBlock(given, block, spot))
  select({ kind: 'block', place: [...spot.inside, spot.index] })
}

export type Held = { kind: 'part'; part: Part } | { kind: 'block'; place: Place } | { kind: 'column'; key: string; column: string }

const dropBlock = (place: Place, spot: Spot): void => {
  const current = form()
  const moved = current ? moveBlock(current, place, spot) : null
  if (!moved) return
  edit(() => moved.form)
  const block = blockAt(blocksOf(moved.form), moved.place)
  select(block?.field ? { kind: 'field', key: block.field } : { kind: 'block', place: moved.place })
  say(i18next.t('已移动'))
}

export const dropHeld = (held: Held, drop: Drop | null): void => {
  if (!drop) return
  if (held.kind === 'part') addPart(held.part, drop)
  else if (held.kind === 'block' && drop.kind === 'spot') dropBlock(held.place, drop.spot)
  else if (held.kind === 'column' && drop.kind === 'column' && drop.key === held.key) edit((given) => moveColumn(given, held.key, held.column, drop.index))
}

export const placeOf = (selected: Selected): Place | null => {
  const current = form()
  if (!current) return null
  if (selected.kind === 'field') return placeOfField(blocksOf(current), selected.key)
  return selected.kind === 'block' ? selected.place : null
}

export const moveSelected = (down: boolean): void => {
  const { selected } = useDesk.getState()
  const current = form()
  if (!current) return
  if (selected.kind === 'column') {
    const columns = current.fields.find((field) => field.key === selected.key)?.fields ?? []
    const at = columns.findIndex((column) => column.key === selected.column)
    edit((given) => moveColumn(given, selected.key, selected.column, down ? at + 2 : at - 1))
    return
  }
  const place = placeOf(selected)
  const spot = place ? stepSpot(blocksOf(current), place, down) : null
  if (place && spot) dropBlock(place, spot)
}

export const removeSelected = (): void => {
  const { selected } = useDesk.getState()
  if (selected.kind === 'field') edit((given) => removeField(given, selected.key))
  else if (selected.kind === 'column') edit((given) => removeColumn(given, selected.key, selected.column))
  else if (selected.kind === 'block') edit((given) => removeBlock(given, selected.place))
  else return
  select({ kind: 'form' })
  say(i18next.t('已删除，可以撤销'))
}

export const duplicateSelected = (): void => {
  const { selected } = useDesk.getState()
  const current = form()
  if (!current || selected.kind !== 'field') return
  const copied = copyField(current, selected.key, (label) => i18next.t('{{label}} 副本', { label }))
  if (!copied) return
  edit(() => copied.form)
  select({ kind: 'field', key: copied.key })
}

const CLIPBOARD = 'beihuo/field'

/** The selected field as text, so that it can be put into another form, another window, or a message. */
export const clipped = (): string | null => {
  const { selected } = useDesk.getState()
  const current = form()
  const field = selected.kind === 'field' ? current?.fields.find((one) => one.key === selected.key) : selected.kind === 'column' ? current?.fields.find((one) => one.key === selected.key)?.fields?.find((one) => one.key === selected.column) : undefined
  return field ? JSON.stringify({ [CLIPBOARD]: field }) : null
}

const readClip = (text: string): FormField | null => {
  try {
    const found = (JSON.parse(text) as Record<string, FormField>)[CLIPBOARD]
    return found && typeof found.key === 'string' && typeof found.type === 'string' ? found : null
  } catch {
    return null
  }
}

export const pasteField = (text: string): boolean => {
  const field = readClip(text)
  const current = form()
  if (!field || !current) return false
  const { selected } = useDesk.getState()
  if (selected.kind === 'column' && field.type !== 'sub_form') {
    const columns = current.fields.find((one) => one.key === selected.key)?.fields ?? []
    const column = { ...field, key: freeKey(field.key, keysOf(columns)) }
    edit((given) => addColumn(given, selected.key, column, columns.length))
    select({ kind: 'column', key: selected.key, column: column.key })
    return true
  }
  const pasted = { ...field, key: freeKey(field.key, keysOf(current.fields)) }
  edit((given) => addField(given, pasted, spotAfterSelection(given)))
  select({ kind: 'field', key: pasted.key })
  return true
}
