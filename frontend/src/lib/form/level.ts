/** The formulas of one level of a form, a record or a row of a sub-form: which need which, and computing only those that are touched. */
import type { FormField, Json, Values } from '../../api/types'
import { evaluate, type Surroundings, type Tree, type TreeNode } from '../expression'
import { isEmpty, readValue } from './reading'

export interface Links {
  [field: string]: { form: string; links: Links }
}

/** The logic of a form as the server sends it (form_builder/browser.py). */
export interface FormLogic {
  computed: { key: string; default: boolean; tree: Tree }[]
  rules: { when: Tree; show: string[]; hide: string[]; require: string[]; read_only: string[]; set: { key: string; tree: Tree }[] }[]
  checks: { tree: Tree; message: string; message_en: string; fields: string[] }[]
  options: Record<string, Record<string, Tree>>
  links: Links
  sub: Record<string, FormLogic>
}

export const NO_LOGIC: FormLogic = { computed: [], rules: [], checks: [], options: {}, links: {}, sub: {} }

const rootOf = (path: string): string => path.split('.')[0] ?? path

const walk = (node: TreeNode, visit: (node: TreeNode) => void): void => {
  visit(node)
  for (const inner of node.args ?? []) walk(inner, visit)
}

interface Program {
  tree: Tree
  needs: ReadonlySet<string>
  /** It reads what only the server knows, so that the last value stands. */
  server: boolean
}

const programs = new WeakMap<Tree, Program>()

export const programOf = (tree: Tree): Program => {
  const known = programs.get(tree)
  if (known) return known
  const needs = new Set<string>()
  let server = false
  walk(tree.root, (node) => {
    if (node.path) needs.add(rootOf(node.path))
    if (node.row) needs.add(rootOf(node.row))
    if (node.k === 'input') server = true
  })
  const made = { tree, needs, server }
  programs.set(tree, made)
  return made
}

export const meets = (needs: ReadonlySet<string>, dirty: ReadonlySet<string>): boolean => {
  for (const key of dirty) if (needs.has(key)) return true
  return false
}

export const same = (one: Json | undefined, other: Json | undefined): boolean => one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

export const readOr = (value: Json, field: FormField): Json => {
  try {
    return readValue(value, field)
  } catch {
    return null
  }
}

export const COMPUTED = new Set(['formula', 'auto_number', 'sparkline'])

export const rowsOf = (value: Json | undefined): Values[] => (Array.isArray(value) ? (value as Json[] as Values[]) : [])

/** The formulas of one level: a record, or a row of a sub-form. */
export class Level {
  readonly fields: ReadonlyMap<string, FormField>
  readonly logic: FormLogic
  evaluations = 0
  private readonly around: Surroundings
  constructor(fields: readonly FormField[], logic: FormLogic, around: Surroundings) {
    this.fields = new Map(fields.map((field) => [field.key, field]))
    this.logic = logic
    this.around = around
  }

  private readonly known = new WeakMap<Values, Record<string, unknown>>()

  /** The values as the record will hold them: what cannot be read is nothing yet. */
  plain(values: Values): Record<string, unknown> {
    const known = this.known.get(values)
    if (known) return known
    const found: Record<string, unknown> = { ...values }
    for (const [key, value] of Object.entries(values)) {
      const field = this.fields.get(key)
      if (isEmpty(value)) found[key] = null
      else if (field) found[key] = readOr(value, field)
    }
    this.known.set(values, found)
    return found
  }

  run(tree: Tree, record: Record<string, unknown>): unknown {
    this.evaluations += 1
    try {
      return evaluate(tree, record, this.around)
    } catch {
      return null
    }
  }

  /** The value of the field *key* as its type keeps it; what it cannot keep is nothing. */
  value(key: string, tree: Tree, record: Record<string, unknown>): Json {
    const value = (this.run(tree, record) ?? null) as Json
    const field = this.fields.get(key)
    return value === null || !field ? value : readOr(value, field)
  }

  /** Compute again what needs a dirty field; the keys that changed become dirty too. */
  compute(values: Values, dirty: Set<string>, skipDefault: (key: string) => boolean, see: (values: Values) => Record<string, unknown>): Values {
    let current = values
    for (const one of this.logic.computed) {
      const program = programOf(one.tree)
      if (!meets(program.needs, dirty) || program.server || (one.default && skipDefault(one.key))) continue
      const value = this.value(one.key, one.tree, see(current))
      if (same(value, current[one.key])) continue
      current = { ...current, [one.key]: value }
      dirty.add(one.key)
    }
    return current
  }
}
