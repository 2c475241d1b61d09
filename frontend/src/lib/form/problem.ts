/** A problem of one value, in the words of the server (form_builder/): both languages stand side by side. */
import type { FormField, Problem } from '../../api/types'

export class Unreadable extends Error {
  readonly problems: Problem[]
  constructor(problems: Problem[]) {
    super(problems[0]?.message)
    this.problems = problems
  }
}

export const unreadable = (message: string, english: string): Unreadable => new Unreadable([{ path: '$', message, message_en: english }])

/** `$.code` under `$.lines[0]` is `$.lines[0].code`. */
export const under = (problem: Problem, place: string): Problem => ({ ...problem, path: place + problem.path.slice(1) })

/** The problem with the field's label in front, as people know fields by their labels. */
export const labelled = (problem: Problem, field: FormField): Problem => {
  const label = field.label || field.key
  return { ...problem, message: `${label}:${problem.message}`, message_en: `${field.label_en || label}: ${problem.message_en ?? problem.message}` }
}

export const about = (field: FormField, message: string, english: string): Problem => labelled({ path: `$.${field.key}`, message, message_en: english }, field)

/** A number as Python's `{:g}` writes it: six digits, an exponent where it is very large or small. */
export const shortNumber = (value: number): string => {
  if (value === 0) return '0'
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(6)))))
  if (exponent < -4 || exponent >= 6) {
    const [digits = '', power = '0'] = value.toExponential(5).split('e')
    const size = Math.abs(Number(power))
    return `${digits.replace(/\.?0+$/, '')}e${Number(power) < 0 ? '-' : '+'}${String(size).padStart(2, '0')}`
  }
  return String(Number(value.toPrecision(6)))
}
