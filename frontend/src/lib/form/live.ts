/** A form being filled in: formulas, rules and required fields follow every change, and only what a change touches is computed again. */
import type { FormDefinition, FormField, Json, Problem, Values } from '../../api/types'
import type { Surroundings } from '../expression'
import { COMPUTED, type FormLogic, Level, meets, NO_LOGIC, programOf, readOr, rowsOf, same } from './level'
import { about, labelled, under, Unreadable } from './problem'
import { isEmpty, readValue } from './reading'

export interface LiveOptions {
  existing?: Values | null
  around?: Surroundings
  /** What a new record starts with beside the defaults. */
  given?: Values
}

export interface FieldStates {
  hidden: ReadonlySet<string>
  required: ReadonlySet<string>
  readOnly: ReadonlySet<string>
}

export class LiveForm {
  readonly form: FormDefinition
  readonly existing: Values | null
  values: Values
  states: FieldStates = { hidden: new Set(), required: new Set(), readOnly: new Set() }
  readonly touched = new Set<string>()
  private readonly level: Level
  private readonly levels = new Map<string, Level>()
  private readonly ruleNeeds: ReadonlySet<string>
  private readonly shownByRule: ReadonlySet<string>
  private linked: Record<string, Values | null> = {}
  private readonly listeners = new Set<() => void>()

  constructor(form: FormDefinition, logic: FormLogic, { existing = null, around = {}, given = {} }: LiveOptions = {}) {
    this.form = form
    this.existing = existing
    this.level = new Level(form.fields, logic, around)
    for (const field of form.fields) if (field.type === 'sub_form') this.levels.set(field.key, new Level(field.fields ?? [], logic.sub[field.key] ?? NO_LOGIC, around))
    this.shownByRule = new Set(logic.rules.flatMap((rule) => rule.show))
    this.ruleNeeds = new Set(logic.rules.flatMap((rule) => [...programOf(rule.when).needs, ...rule.set.flatMap((one) => [one.key, ...programOf(one.tree).needs])]))
    this.values = existing ? { ...existing } : { ...this.defaults(form.fields), ...given }
    for (const key of Object.keys(given)) this.touched.add(key)
    this.settle(new Set(form.fields.map((field) => field.key)), true)
  }

  get logic(): FormLogic {
    return this.level.logic
  }

  /** How many expressions were computed so far. */
  get evaluations(): number {
    return this.level.evaluations + [...this.levels.values()].reduce((sum, level) => sum + level.evaluations, 0)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private defaults(fields: readonly FormField[]): Values {
    const found: Values = {}
    for (const field of fields) if (field.default !== undefined && field.default !== null) found[field.key] = readOr(field.default, field)
    return found
  }

  set(key: string, value: Json): void {
    this.touched.add(key)
    if (same(this.values[key], value)) return
    this.values = { ...this.values, [key]: value }
    this.settle(new Set([key]), false)
  }

  /** The record that a link field points to, so that formulas can read on. */
  link(key: string, record: Values | null): void {
    if (same(this.linked[key] ?? null, record)) return
    this.linked = { ...this.linked, [key]: record }
    this.settle(new Set([key]), false)
  }

  setCell(sub: string, index: number, column: string, value: Json): void {
    const rows = rowsOf(this.values[sub])
    const row = rows[index]
    if (!row || same(row[column], value)) return
    const next = [...rows]
    next[index] = this.computedRow(sub, { ...row, [column]: value }, new Set([column]))
    this.put(sub, next)
  }

  addRows(sub: string, given: readonly Values[]): void {
    const field = this.form.fields.find((one) => one.key === sub)
    const columns = new Set((field?.fields ?? []).map((column) => column.key))
    const made = given.map((row) => this.computedRow(sub, { ...this.defaults(field?.fields ?? []), ...row }, columns))
    this.put(sub, [...rowsOf(this.values[sub]), ...made])
  }

  removeRow(sub: string, index: number): void {
    this.put(sub, rowsOf(this.values[sub]).filter((_, at) => at !== index))
  }

  private put(sub: string, rows: Values[]): void {
    this.touched.add(sub)
    this.values = { ...this.values, [sub]: rows as unknown as Json }
    this.settle(new Set([sub]), false)
  }

  private computedRow(sub: string, row: Values, dirty: Set<string>): Values {
    const level = this.levels.get(sub)
    return level ? level.compute(row, dirty, (key) => !isEmpty(row[key]), (values) => level.plain(values)) : row
  }

  private readonly see = (values: Values): Record<string, unknown> => {
    const plain = this.level.plain(values)
    if (Object.keys(this.linked).length === 0) return plain
    const found = { ...plain }
    for (const [key, record] of Object.entries(this.linked)) if (record && values[key]) found[key] = { ...record, code: values[key] }
    return found
  }

  /** A default formula is worked out for a new record as long as nobody has written the field. */
  private readonly skipDefault = (key: string): boolean => this.existing !== null || this.touched.has(key)

  private settle(dirty: Set<string>, first: boolean): void {
    if (first) {
      for (const [key] of this.levels) {
        const rows = rowsOf(this.values[key])
        const columns = new Set(this.form.fields.find((field) => field.key === key)?.fields?.map((column) => column.key) ?? [])
        if (rows.length > 0 && this.existing === null) this.values = { ...this.values, [key]: rows.map((row) => this.computedRow(key, row, columns)) as unknown as Json }
      }
    }
    for (const key of this.masked()) dirty.add(key)
    this.values = this.level.compute(this.values, dirty, this.skipDefault, this.see)
    if (first || meets(this.ruleNeeds, dirty)) this.applyRules()
    const masked = this.masked()
    if (masked.length > 0) this.values = this.level.compute(this.values, new Set(masked), this.skipDefault, (values) => this.see(this.unmasked(values, masked)))
    for (const listener of this.listeners) listener()
  }

  /** Fields that are hidden but were written: what was written does not count, formulas read what was there before. */
  private masked(): string[] {
    return [...this.states.hidden].filter((key) => this.level.fields.has(key) && !COMPUTED.has(this.level.fields.get(key)?.type ?? '') && !same(this.values[key], this.existing?.[key]))
  }

  private unmasked(values: Values, masked: readonly string[]): Values {
    return { ...values, ...Object.fromEntries(masked.map((key) => [key, this.existing?.[key] ?? null])) }
  }

  /** All rules in their order, a later one wins; what they set is computed on at once. */
  private applyRules(): void {
    let hidden = new Set(this.shownByRule)
    const required = new Set<string>()
    const readOnly = new Set<string>()
    for (const rule of this.logic.rules) {
      if (this.level.run(rule.when, this.see(this.values)) !== true) continue
      hidden = new Set([...[...hidden].filter((key) => !rule.show.includes(key)), ...rule.hide])
      for (const key of rule.require) required.add(key)
      for (const key of rule.read_only) readOnly.add(key)
      for (const { key, tree } of rule.set) {
        this.values = { ...this.values, [key]: this.level.value(key, tree, this.see(this.values)) }
        this.values = this.level.compute(this.values, new Set([key]), this.skipDefault, this.see)
      }
    }
    this.states = { hidden, required, readOnly }
  }

  isRequired(field: FormField): boolean {
    return (field.required === true || this.states.required.has(field.key)) && field.type !== 'auto_number' && !this.states.hidden.has(field.key)
  }

  /** A field that is fixed once the record is there, or that a rule locks. */
  isLocked(field: FormField): boolean {
    return (field.read_only === true && this.existing !== null) || this.states.readOnly.has(field.key)
  }

  /** The options that may be chosen now. */
  offered(field: FormField): FormField['options'] {
    const conditions = this.logic.options[field.key]
    if (!conditions) return field.options
    const record = this.see(this.values)
    return field.options?.filter((option) => {
      const tree = conditions[typeof option === 'string' ? option : option.value]
      return !tree || this.level.run(tree, record) === true
    })
  }

  /** The record as it would be stored. */
  stored(): Record<string, unknown> {
    return this.level.plain(this.unmasked(this.values, this.masked()))
  }

  /** What is sent: the fields that were changed, or all that a new record has; what we compute is the server's to compute. */
  changes(): Values {
    const computed = new Set(this.form.fields.filter((field) => COMPUTED.has(field.type)).map((field) => field.key))
    return Object.fromEntries(Object.entries(this.values).filter(([key, value]) => !computed.has(key) && value !== undefined && !this.states.hidden.has(key) && (this.existing === null || !same(value, this.existing[key]))))
  }

  /** Everything that is wrong, in the words of the server; what only the server knows (links, duplicates) it says itself. */
  problems(): Problem[] {
    const found = [...this.valueProblems(), ...this.lockProblems()]
    const told = new Set(found.map((problem) => problem.path))
    for (const field of this.form.fields) {
      const unstored = field.type === 'sparkline' || (field.type === 'formula' && field.live)
      if (this.isRequired(field) && !unstored && !told.has(`$.${field.key}`) && isEmpty(this.values[field.key])) found.push(about(field, '必填', 'is required'))
    }
    found.push(...this.optionProblems())
    return found.length > 0 ? found : this.checkProblems()
  }

  private valueProblems(): Problem[] {
    return Object.entries(this.changes()).flatMap(([key, value]): Problem[] => {
      const field = this.form.fields.find((one) => one.key === key)
      if (!field || isEmpty(value)) return []
      const problems = field.type === 'sub_form' ? this.rowProblems(field, rowsOf(value)) : problemsOf(value, field)
      return problems.map((problem) => labelled(under(problem, `$.${key}`), field))
    })
  }

  private rowProblems(field: FormField, rows: readonly Values[]): Problem[] {
    const [low, high] = [field.min_rows ?? 0, field.max_rows ?? 5000]
    if (rows.length < low || rows.length > high) return [{ path: '$', message: `应有 ${low} 到 ${high} 行,现有 ${rows.length} 行`, message_en: `${low} to ${high} rows are due, found ${rows.length}` }]
    return rows.flatMap((row, index) => (field.fields ?? []).flatMap((column): Problem[] => {
      const value = row[column.key]
      if (isEmpty(value)) return column.required && !['auto_number', 'sparkline'].includes(column.type) ? [under(about(column, '必填', 'is required'), `$[${index}]`)] : []
      return column.type === 'formula' ? [] : problemsOf(value as Json, column).map((problem) => under(labelled(under(problem, `$.${column.key}`), column), `$[${index}]`))
    }))
  }

  private lockProblems(): Problem[] {
    if (this.existing === null && this.states.readOnly.size === 0) return []
    return this.form.fields.filter((field) => this.touched.has(field.key) && this.isLocked(field) && !this.states.hidden.has(field.key) && !same(this.values[field.key], this.existing?.[field.key])).map((field) => about(field, '不能修改', 'is read-only'))
  }

  private optionProblems(): Problem[] {
    const record = this.see(this.values)
    return Object.entries(this.logic.options).flatMap(([key, trees]): Problem[] => {
      const field = this.form.fields.find((one) => one.key === key)
      const value = this.values[key]
      const chosen = (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')
      const wrong = chosen.filter((one) => trees[one] && this.level.run(trees[one], record) !== true)
      return field && wrong.length > 0 ? [about(field, `现在不能选“${wrong.join('、')}”`, `“${wrong.join('、')}” is not offered now`)] : []
    })
  }

  private checkProblems(): Problem[] {
    const record = this.see(this.values)
    return this.logic.checks.filter((check) => !programOf(check.tree).server && this.level.run(check.tree, record) === false).map((check) => ({ path: check.fields[0] ? `$.${check.fields[0]}` : '$', message: check.message, message_en: check.message_en }))
  }
}

const problemsOf = (value: Json, field: FormField): Problem[] => {
  try {
    readValue(value, field)
    return []
  } catch (error) {
    if (error instanceof Unreadable) return error.problems
    throw error
  }
}
