/** Which column goes into which field: guesses, what is missing, and the document that is sent. */
import type { FormDefinition, FormField, ImportAnalysis, Json } from '../../api/types'

export type Columns = Record<string, string>

export type Guess = ImportAnalysis['guesses'][number]

export const guessKey = (guess: Guess): string => guess.key ?? guess.mapping ?? ''

const plain = (text: string): string => text.toLowerCase().replace(/[\s_\-()()::/]/g, '')

/** Match columns to fields by name where no preset fits: key, label or English label, each field once. */
export const guessColumns = (columns: readonly string[], fields: readonly FormField[]): Columns => {
  const found: Columns = {}
  const taken = new Set<string>()
  for (const column of columns) {
    const wanted = plain(column)
    const field = fields.find((item) => !taken.has(item.key) && [item.key, item.label, item.label_en ?? ''].some((name) => name !== '' && plain(name) === wanted))
    if (field) {
      found[column] = field.key
      taken.add(field.key)
    }
  }
  return found
}

export const bestGuess = (analysis: ImportAnalysis, into: string): Guess | null => {
  const fitting = analysis.guesses.filter((guess) => (guess.into === undefined || guess.into === into) && guess.columns)
  return fitting.sort((one, other) => other.score - one.score)[0] ?? null
}

/** Fields that a row cannot do without and that no column fills. */
export const missing = (form: FormDefinition, columns: Columns): FormField[] => {
  const filled = new Set(Object.values(columns))
  const needed = new Set([...(form.natural_keys ?? []), ...form.fields.filter((field) => field.required && field.default === undefined && field.type !== 'auto_number').map((field) => field.key)])
  if (form.storage === 'facts') for (const key of ['sku', 'date', 'quantity']) if (form.fields.some((field) => field.key === key)) needed.add(key)
  return form.fields.filter((field) => needed.has(field.key) && !filled.has(field.key))
}

const same = (one: Columns, other: Columns): boolean => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

export interface Chosen {
  analysis: ImportAnalysis
  into: string
  columns: Columns
  guess: Guess | null
  preset: Record<string, Json> | null
}

/** The body of POST /imports: the preset's key when nothing was changed, else the mapping itself. */
export const importBody = ({ analysis, into, columns, guess, preset }: Chosen, dryRun: boolean): Record<string, unknown> => {
  const options = { ...(dryRun ? { dry_run: true } : {}), ...(analysis.sheet ? { sheet: analysis.sheet } : {}) }
  if (guess?.columns && same(guess.columns, columns) && guessKey(guess)) return { file: analysis.file, into, mapping_key: guessKey(guess), options }
  return { file: analysis.file, into, mapping: { ...preset, kind: 'mapping', key: 'inline', name: analysis.name.slice(0, 100) || 'inline', into, columns }, options }
}
