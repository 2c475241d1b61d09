/** Evaluate a checked tree for one record, with the very values that the server computes. */
import { datePlus, readDay, timeDifference, timePlus } from './dates'
import { FUNCTIONS } from './functions'
import { divide, finite, floorDivide, modulo, power } from './numbers'
import { bounded, compare as compareTexts } from './texts'
import { InputError } from './tree'
import type { Row, Surroundings, Tree, TreeNode, Value } from './tree'
import { eachRow, field, read, show } from './values'

type Binary = (a: never, b: never) => Value

const DAY_SECONDS = 86_400

/** Operations on two values that are not null. */
const BINARY: Record<string, Binary> = {
  add: (a: number, b: number) => finite(a + b),
  sub: (a: number, b: number) => finite(a - b),
  mul: (a: number, b: number) => finite(a * b),
  div: (a: number, b: number) => divide(a, b),
  floordiv: (a: number, b: number) => floorDivide(a, b),
  mod: (a: number, b: number) => modulo(a, b),
  pow: (a: number, b: number) => power(a, b),
  concat: (a: string, b: string) => bounded(a + b),
  date_plus: (day: number, days: number) => datePlus(day, days),
  plus_date: (days: number, day: number) => datePlus(day, days),
  date_minus: (day: number, days: number) => datePlus(day, -days),
  date_diff: (a: number, b: number) => a - b,
  time_plus: (moment: bigint, seconds: number) => timePlus(moment, seconds),
  plus_time: (seconds: number, moment: bigint) => timePlus(moment, seconds),
  time_minus: (moment: bigint, seconds: number) => timePlus(moment, -seconds),
  time_plus_days: (moment: bigint, days: number) => timePlus(moment, days * DAY_SECONDS),
  days_plus_time: (days: number, moment: bigint) => timePlus(moment, days * DAY_SECONDS),
  time_minus_days: (moment: bigint, days: number) => timePlus(moment, -days * DAY_SECONDS),
  time_diff: (a: bigint, b: bigint) => timeDifference(a, b),
}

const order = (a: Value, b: Value): number => {
  if (typeof a === 'string') return compareTexts(a, b as string)
  const [one, other] = [a as number | bigint, b as number | bigint]
  return one < other ? -1 : one > other ? 1 : 0
}

const COMPARE: Record<string, (a: Value, b: Value) => boolean> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => order(a, b) < 0,
  le: (a, b) => order(a, b) <= 0,
  gt: (a, b) => order(a, b) > 0,
  ge: (a, b) => order(a, b) >= 0,
}

class Evaluation {
  private readonly record: Row
  private readonly around: Surroundings

  constructor(record: Row, around: Surroundings) {
    this.record = record
    this.around = around
  }

  value(node: TreeNode): Value {
    switch (node.k) {
      case 'value':
        return this.literal(node)
      case 'field':
        return field(node, this.record, this.around)
      case 'list':
        return this.args(node)
      case 'each':
        return this.each(node)
      case 'call':
        return this.call(node)
      case 'input':
        return this.input(node)
      case 'op':
        return this.operation(node)
    }
  }

  private args(node: TreeNode): Value[] {
    return (node.args ?? []).map((arg) => this.value(arg))
  }

  private literal(node: TreeNode): Value {
    if (node.t === 'date' && typeof node.v === 'string') return readDay(node.v)
    return (node.v ?? null) as Value
  }

  private each(node: TreeNode): Value {
    const [body] = node.args as [TreeNode]
    return eachRow(this.record, node.row as string).map((row) => new Evaluation(row, this.around).value(body))
  }

  private input(node: TreeNode): Value {
    const key = node.key as string
    if (Object.hasOwn(this.record, key)) return read(this.record[key], node.t, this.around)
    return read(this.around.inputs?.[key], node.t, this.around)
  }

  private call(node: TreeNode): Value {
    const run = FUNCTIONS[node.fn as string]
    if (!run) throw new InputError(`the browser does not know ${node.fn}`)
    return run({ args: this.args(node), types: (node.args ?? []).map((arg) => arg.t), around: this.around })
  }

  private operation(node: TreeNode): Value {
    const name = node.op as string
    const args = node.args as TreeNode[]
    const binary = BINARY[name]
    if (binary || COMPARE[name]) {
      const [a, b] = this.args(node) as [Value, Value]
      if (a === null || b === null) return null
      return binary ? binary(a as never, b as never) : (COMPARE[name] as (a: Value, b: Value) => boolean)(a, b)
    }
    if (name === 'and' || name === 'or') return this.logic(name === 'and', args)
    if (name === 'if') return this.value((this.value(args[0] as TreeNode) === true ? args[1] : args[2]) as TreeNode)
    if (name === 'chain') return this.chain(node)
    if (name === 'in' || name === 'not_in') return this.member(node, name === 'in')
    const inner = this.value(args[0] as TreeNode)
    if (name === 'is_null' || name === 'not_null') return (inner === null) === (name === 'is_null')
    if (inner === null || name === 'pos') return inner
    return name === 'not' ? !inner : -(inner as number)
  }

  private logic(conjunction: boolean, args: TreeNode[]): Value {
    let outcome: Value = conjunction
    for (const arg of args) {
      const value = this.value(arg)
      if (value === !conjunction) return value
      if (value === null) outcome = null
    }
    return outcome
  }

  private chain(node: TreeNode): Value {
    const values = this.args(node)
    let outcome: Value = true
    for (const [index, name] of (node.detail ?? []).entries()) {
      const [a, b] = [values[index] as Value, values[index + 1] as Value]
      if (a === null || b === null) outcome = null
      else if (!(COMPARE[name] as (a: Value, b: Value) => boolean)(a, b)) return false
    }
    return outcome
  }

  private member(node: TreeNode, positive: boolean): Value {
    const [value, items] = this.args(node) as [Value, Value[] | null]
    if (value === null || items === null) return null
    return items.some((item) => item !== null && item === value) === positive
  }
}

/** Return the value of *tree* for *record* as JSON data; null is unknown. */
export const evaluate = (tree: Tree, record: Row, around: Surroundings = {}): unknown =>
  show(new Evaluation(record, around).value(tree.root), tree.type)
