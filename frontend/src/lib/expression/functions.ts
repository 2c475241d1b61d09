/** The functions of the language in the browser, by their English names; null arguments give null unless marked loose. */
import { awayFromZero, divide, finite, halfAway, modulo, multiple, plain, rmbUpper, towardZero, writeNumber } from './numbers'
import type { NumberFormat } from './numbers'
import * as dates from './dates'
import * as texts from './texts'
import type { Pattern } from './texts'
import { MAX_TEXT } from './tree'
import type { Surroundings, Value } from './tree'

/** How one call is made: its values, the types of its arguments, what surrounds it. */
export interface CallOf {
  args: Value[]
  types: string[]
  around: Surroundings
}

type Run = (call: CallOf) => Value
type Strict = (...args: never[]) => Value

const strict = (run: Strict): Run => ({ args }) => (args.includes(null) ? null : run(...(args as never[])))

const strictCall = (run: Run): Run => (call) => (call.args.includes(null) ? null : run(call))

const items = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value])

const flat = (args: Value[]): Value[] => args.flatMap(items).filter((item) => item !== null)

const total = (values: Value[]): number | null => {
  let sum = 0
  for (const value of values) if (value !== null) sum += value as number
  return finite(sum)
}

const sum = (args: Value[]): number | null => total(args.map((arg) => (Array.isArray(arg) ? total(arg) : arg)))

const average = (known: Value[], added: number | null): number | null => (added === null ? null : divide(added, known.length))

type Ordered = number | bigint

const extreme = (values: Value[], better: (a: Ordered, b: Ordered) => boolean): Value =>
  (values as Ordered[]).reduce<Ordered | null>((best, value) => (best === null || better(value, best) ? value : best), null)

const chosen = ([values, conditions]: Value[]): Value[] => items(conditions).flatMap((holds, index) => {
  const value = items(values)[index]
  return holds === true && value !== null && value !== undefined ? [value] : []
})

const larger = (a: Ordered, b: Ordered): boolean => a > b
const smaller = (a: Ordered, b: Ordered): boolean => a < b

const pairs = (args: Value[], test: (condition: Value) => boolean): Value => {
  for (let index = 0; index + 1 < args.length; index += 2) if (test(args[index] as Value)) return args[index + 1] as Value
  return args.length % 2 ? (args[args.length - 1] as Value) : null
}

const day = (call: CallOf, index = 0): number => {
  const value = call.args[index] as number | bigint
  return typeof value === 'bigint' ? dates.dayOf(value, call.around) : value
}

const written = ({ args: [value, form], types, around }: CallOf): Value => {
  if (value === null || value === undefined) return null
  const format = form as unknown as (NumberFormat & { parts?: string[] }) | string | null
  if (types[0] === 'number') return format === null || typeof format === 'string' ? plain(value as number) : writeNumber(value as number, format)
  const parts = typeof format === 'string' || format === null ? ['yyyy', '"-', 'mm', '"-', 'dd'] : (format.parts ?? [])
  return dates.writeDate(value as number | bigint, parts, around)
}

const join = ([values, separator]: Value[]): Value => {
  if (values === null || separator === null) return null
  const text = flat([values as Value]).join(separator as string)
  return texts.length(text) <= MAX_TEXT ? text : null
}

export const FUNCTIONS: Record<string, Run> = {
  IFS: ({ args }) => pairs(args, (condition) => condition === true),
  SWITCH: ({ args: [value, ...rest] }) => pairs(rest, (option) => value !== null && option !== null && option === value),
  IF_NULL: ({ args }) => args.find((arg) => arg !== null) ?? null,
  ABS: strict((x: number) => Math.abs(x)),
  ROUND: strict((x: number, n: number) => finite(halfAway(x, n))),
  ROUND_UP: strict((x: number, n: number) => finite(awayFromZero(x, n))),
  ROUND_DOWN: strict((x: number, n: number) => finite(towardZero(x, n))),
  CEILING: strict((x: number, step: number) => multiple(x, step, true)),
  FLOOR: strict((x: number, step: number) => multiple(x, step, false)),
  MOD: strict((a: number, b: number) => modulo(a, b)),
  SQRT: strict((x: number) => (x >= 0 ? Math.sqrt(x) : null)),
  LN: strict((x: number) => (x > 0 ? Math.log(x) : null)),
  EXP: strict((x: number) => finite(Math.exp(x))),
  CLAMP: strict((x: number, least: number, most: number) => Math.max(Math.min(x, most), least)),
  SUM: ({ args }) => sum(args),
  AVERAGE: ({ args }) => average(flat(args), sum(args)),
  MIN: ({ args }) => extreme(flat(args), smaller),
  MAX: ({ args }) => extreme(flat(args), larger),
  COUNT: ({ args: [values] }) => items(values).filter((item) => item !== null).length,
  COUNT_IF: ({ args: [conditions] }) => items(conditions).filter((item) => item === true).length,
  SUM_IF: ({ args }) => total(chosen(args)),
  AVERAGE_IF: ({ args }) => average(chosen(args), total(chosen(args))),
  MAX_IF: ({ args }) => extreme(chosen(args), larger),
  MIN_IF: ({ args }) => extreme(chosen(args), smaller),
  JOIN: ({ args }) => join(args),
  UNIQUE: strict((values: Value[]) => [...new Set(values.filter((item) => item !== null))]),
  CONCAT: ({ args }) => texts.bounded(args.filter((arg) => arg !== null).join('')),
  LEFT: strict(texts.left),
  RIGHT: strict(texts.right),
  MID: strict(texts.mid),
  LENGTH: strict(texts.length),
  LOWER: strict(texts.lower),
  UPPER: strict(texts.upper),
  TRIM: strict(texts.trim),
  REPLACE: strict(texts.replace),
  CONTAINS: strict((text: string, part: string) => text.includes(part)),
  STARTS_WITH: strict((text: string, part: string) => text.startsWith(part)),
  ENDS_WITH: strict((text: string, part: string) => text.endsWith(part)),
  MATCHES: strict((text: string, pattern: Pattern) => texts.matches(text, pattern)),
  TEXT: written,
  VALUE: strict(texts.readNumber),
  RMB_UPPER: strict(rmbUpper),
  TODAY: ({ around }) => dates.today(around),
  NOW: ({ around }) => dates.now(around),
  DATE: strictCall((call) => (call.args.length === 3 ? dates.makeDate(...(call.args as [number, number, number])) : day(call))),
  YEAR: strictCall((call) => dates.parts(day(call)).year),
  MONTH: strictCall((call) => dates.parts(day(call)).month),
  DAY: strictCall((call) => dates.parts(day(call)).day),
  HOUR: strictCall(({ args: [moment], around }) => dates.hourOf(moment as bigint, around)),
  WEEKDAY: strictCall((call) => dates.weekday(day(call))),
  DAYS: strictCall((call) => day(call, 0) - day(call, 1)),
  HOURS: strict((end: bigint, start: bigint) => dates.timeDifference(end, start) / 3600),
  DURATION: strict((n: number, unit: string) => {
    const seconds = n * dates.secondsOf(unit)
    return Math.abs(seconds) < 1e300 ? seconds : null
  }),
  DATE_ADD: strictCall(({ args: [moment, n, unit], around }) =>
    typeof moment === 'bigint' ? dates.timeAdd(moment, n as number, unit as string, around) : dates.dateAdd(moment as number, n as number, unit as string)),
  WORKDAY: strictCall(({ args: [from, n], around }) => dates.workday(from as number, n as number, around)),
  WORKDAYS: strictCall(({ args: [start, end], around }) => dates.workdays(start as number, end as number, around)),
  IS_HOLIDAY: strictCall(({ args: [at], around }) => !dates.isWorkday(at as number, around)),
  DAYS_TO_PROMOTION: strictCall(({ args: [key], around }) => dates.daysToPromotion(key as string, around)),
}
