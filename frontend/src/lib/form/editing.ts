/** Edits of a form definition, each a pure step: add, change, rename, copy, move and remove fields, columns and blocks. */
import type { Block, FormDefinition, FormField, FormRule } from '../../api/types'
import { tokenise } from '../tokens'
import { blockAt, blocksOf, insertAt, move, type Place, placeOfField, removeAt, replaceAt, type Spot, unwrap, withBlocks } from './layout'

export const freeKey = (wanted: string, taken: Iterable<string>): string => {
  const used = new Set(taken)
  const stem = wanted.slice(0, 50)
  if (!used.has(stem)) return stem
  let number = 2
  while (used.has(`${stem}_${number}`)) number += 1
  return `${stem}_${number}`
}

export const keysOf = (fields: readonly FormField[]): string[] => fields.map((field) => field.key)

/** Put a field in; without a spot it comes last. */
export const addField = (form: FormDefinition, field: FormField, spot?: Spot): FormDefinition => {
  const blocks = blocksOf(form)
  const container = spot ? blockAt(blocks, spot.inside) : undefined
  const good = spot && container?.type !== 'tabs' ? spot : { inside: [], index: blocks.length }
  return withBlocks({ ...form, fields: [...form.fields, field] }, insertAt(blocks, good, { type: 'field', field: field.key }))
}

export const addBlock = (form: FormDefinition, block: Block, spot?: Spot): FormDefinition => {
  const blocks = blocksOf(form)
  return withBlocks(form, insertAt(blocks, spot ?? { inside: [], index: blocks.length }, block))
}

export const moveBlock = (form: FormDefinition, from: Place, spot: Spot): { form: FormDefinition; place: Place } | null => {
  const moved = move(blocksOf(form), from, spot)
  return moved ? { form: withBlocks(form, moved.blocks), place: moved.place } : null
}

export const patchBlock = (form: FormDefinition, place: Place, patch: Partial<Block>): FormDefinition => {
  const blocks = blocksOf(form)
  const block = blockAt(blocks, place)
  return block ? withBlocks(form, replaceAt(blocks, place, defined({ ...block, ...patch }))) : form
}

/** A container is taken away without what stands in it. */
export const removeBlock = (form: FormDefinition, place: Place): FormDefinition => {
  const blocks = blocksOf(form)
  const block = blockAt(blocks, place)
  if (!block) return form
  return withBlocks(form, block.items && block.items.length > 0 ? unwrap(blocks, place) : removeAt(blocks, place))
}

/** Without the keys that are undefined: they are not part of a document. */
export const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T

export const patchField = (form: FormDefinition, key: string, patch: Partial<FormField>): FormDefinition => ({
  ...form,
  fields: form.fields.map((field) => (field.key === key ? defined({ ...field, ...patch }) : field)),
})

const dropName = (names: string[] | undefined, key: string): string[] | undefined => names?.filter((name) => name !== key)

const mapRules = (rules: FormRule[] | undefined, change: (rule: FormRule) => FormRule): FormRule[] | undefined => rules?.map((rule) => defined(change(rule)))

/** Without a field: neither the layout nor rules, checks and views name it any more; formulas that read it are left to tell. */
export const removeField = (form: FormDefinition, key: string): FormDefinition => {
  const place = placeOfField(blocksOf(form), key)
  const blocks = place ? removeAt(blocksOf(form), place) : blocksOf(form)
  const rest = defined({
    ...form,
    fields: form.fields.filter((field) => field.key !== key),
    rules: mapRules(form.rules, (rule) => ({ ...rule, show: dropName(rule.show, key), hide: dropName(rule.hide, key), require: dropName(rule.require, key), read_only: dropName(rule.read_only, key), set: rule.set ? Object.fromEntries(Object.entries(rule.set).filter(([name]) => name !== key)) : undefined })),
    checks: form.checks?.map((check) => defined({ ...check, fields: dropName(check.fields, key) })),
    views: form.views?.map((view) => defined({ ...view, columns: dropName(view.columns, key) })),
    display: emptyAsNone(dropName(form.display, key)),
    natural_keys: emptyAsNone(dropName(form.natural_keys, key)),
  })
  return withBlocks(rest, blocks)
}

const emptyAsNone = (names: string[] | undefined): string[] | undefined => (names && names.length > 0 ? names : undefined)

/** Write another name wherever an expression reads the field `from` (alone or as the start of a path). */
export const renameInExpression = (source: string, from: string, to: string): string =>
  tokenise(source).map((token) => {
    if (token.kind !== 'name') return token.text
    const [head, ...rest] = token.text.split('.')
    return head === from ? [to, ...rest].join('.') : token.text
  }).join('')

const mapExpressions = (field: FormField, change: (source: string) => string): FormField => defined({
  ...field,
  expression: field.expression === undefined ? undefined : change(field.expression),
  default_expression: field.default_expression === undefined ? undefined : change(field.default_expression),
  options: field.options?.map((option) => (typeof option === 'object' && option.when ? { ...option, when: change(option.when) } : option)),
})

/** Give a field another key, everywhere the form speaks of it. */
export const renameField = (form: FormDefinition, from: string, to: string): FormDefinition => {
  if (from === to || form.fields.some((field) => field.key === to)) return form
  const named = (names: string[] | undefined): string[] | undefined => names?.map((name) => (name === from ? to : name))
  const source = (text: string): string => renameInExpression(text, from, to)
  const blocks = (items: Block[]): Block[] => items.map((block) => defined({ ...block, field: block.field === from ? to : block.field, items: block.items ? blocks(block.items) : undefined }))
  const renamed = defined({
    ...form,
    fields: form.fields.map((field) => mapExpressions(field.key === from ? { ...field, key: to } : field, source)),
    rules: mapRules(form.rules, (rule) => ({ ...rule, when: source(rule.when), show: named(rule.show), hide: named(rule.hide), require: named(rule.require), read_only: named(rule.read_only), set: rule.set ? Object.fromEntries(Object.entries(rule.set).map(([name, text]) => [name === from ? to : name, source(text)])) : undefined })),
    checks: form.checks?.map((check) => defined({ ...check, check: source(check.check), fields: named(check.fields) })),
    views: form.views?.map((view) => defined({ ...view, columns: named(view.columns) })),
    display: named(form.display),
    natural_keys: named(form.natural_keys),
  })
  return withBlocks(renamed, blocks(blocksOf(form)))
}

/** A copy beside the field, with all its settings and a key of its own. */
export const copyField = (form: FormDefinition, key: string, label: (label: string) => string): { form: FormDefinition; key: string } | null => {
  const field = form.fields.find((one) => one.key === key)
  const place = placeOfField(blocksOf(form), key)
  if (!field || !place) return null
  const fresh = freeKey(`${key.replace(/_\d+$/, '')}_2`, keysOf(form.fields))
  const copy = { ...structuredClone(field), key: fresh, label: label(field.label) }
  return { form: addField(form, copy, { inside: place.slice(0, -1), index: (place.at(-1) ?? 0) + 1 }), key: fresh }
}

const inSubForm = (form: FormDefinition, key: string, change: (columns: FormField[]) => FormField[]): FormDefinition =>
  patchField(form, key, { fields: change(form.fields.find((field) => field.key === key)?.fields ?? []) })

export const addColumn = (form: FormDefinition, key: string, column: FormField, index: number): FormDefinition =>
  inSubForm(form, key, (columns) => [...columns.slice(0, index), column, ...columns.slice(index)])

export const patchColumn = (form: FormDefinition, key: string, column: string, patch: Partial<FormField>): FormDefinition =>
  inSubForm(form, key, (columns) => columns.map((one) => (one.key === column ? defined({ ...one, ...patch }) : one)))

export const removeColumn = (form: FormDefinition, key: string, column: string): FormDefinition =>
  inSubForm(form, key, (columns) => columns.filter((one) => one.key !== column))

export const moveColumn = (form: FormDefinition, key: string, column: string, index: number): FormDefinition =>
  inSubForm(form, key, (columns) => {
    const at = columns.findIndex((one) => one.key === column)
    const [moved] = columns.slice(at, at + 1)
    if (!moved) return columns
    const rest = columns.filter((one) => one.key !== column)
    const target = index > at ? index - 1 : index
    return [...rest.slice(0, target), moved, ...rest.slice(target)]
  })

export const renameColumn = (form: FormDefinition, key: string, from: string, to: string): FormDefinition =>
  inSubForm(form, key, (columns) => (columns.some((one) => one.key === to) ? columns : columns.map((one) => mapExpressions(one.key === from ? { ...one, key: to } : one, (text) => renameInExpression(text, from, to)))))
