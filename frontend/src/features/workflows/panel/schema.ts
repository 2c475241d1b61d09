/** What a node type's JSON Schema says about how its settings are drawn. */
import { language } from '../../../i18n'
import { typeset } from '../../../lib/typeset'

export interface Setting {
  type?: string | string[]
  title?: string
  'x-title-en'?: string
  description?: string
  description_en?: string
  enum?: (string | number)[]
  default?: unknown
  minimum?: number
  maximum?: number
  maxLength?: number
  items?: Setting
  properties?: Record<string, Setting>
  required?: string[]
  additionalProperties?: Setting | boolean
  'x-widget'?: string
  'x-group'?: string
  'x-when'?: Record<string, unknown[]>
  'x-choices'?: [string, string, string][]
}

const english = (): boolean => language() === 'en'

export const titleOf = (setting: Setting, name: string): string => (english() ? setting['x-title-en'] : setting.title) ?? setting.title ?? name

export const helpOf = (setting: Setting): string | undefined => (english() ? setting.description_en : undefined) ?? setting.description

export interface Choice {
  value: string
  label: string
  /** The choice wants something named behind its colon: `user:` a person, `goto:` a step. */
  open: boolean
}

export const choicesOf = (setting: Setting): Choice[] | null => {
  const given = setting['x-choices']
  if (given) return given.map(([value, chinese, text]) => ({ value, label: english() ? text : typeset(chinese), open: value.endsWith(':') }))
  return setting.enum ? setting.enum.map((value) => ({ value: String(value), label: String(value), open: false })) : null
}

/** `goto:boss` is the choice `goto:` with `boss`. */
export const splitChoice = (value: unknown, choices: readonly Choice[]): { choice: Choice | undefined; rest: string } => {
  const text = value === undefined || value === null ? '' : String(value)
  const exact = choices.find((choice) => !choice.open && choice.value === text)
  if (exact) return { choice: exact, rest: '' }
  const open = choices.find((choice) => choice.open && text.startsWith(choice.value))
  return { choice: open, rest: open ? text.slice(open.value.length) : '' }
}

const typeOf = (setting: Setting): string => (Array.isArray(setting.type) ? (setting.type[0] ?? 'string') : (setting.type ?? 'string'))

export const kindOf = (setting: Setting): string => setting['x-widget'] ?? (choicesOf(setting) ? 'choice' : typeOf(setting) === 'array' ? (setting.items?.properties ? 'rows' : setting.items?.['x-choices'] || setting.items?.enum ? 'choices' : 'words') : typeOf(setting))

/** A setting that only another one's value makes meaningful is hidden otherwise. */
export const applies = (setting: Setting, values: Record<string, unknown>, all: Record<string, Setting>): boolean =>
  Object.entries(setting['x-when'] ?? {}).every(([name, wanted]) => wanted.includes(values[name] ?? all[name]?.default))

export type Tab = 'main' | 'fields' | 'time' | 'more'

const TABS: Record<string, Tab> = { people: 'main', fields: 'fields', time: 'time', return: 'more', more: 'more' }

const ORDER: readonly Tab[] = ['main', 'fields', 'time', 'more']

/** The settings of a node in tabs: what it is about, fields, time limits, the rest. */
export const tabsOf = (properties: Record<string, Setting>): Map<Tab, string[]> => {
  const tabs = new Map<Tab, string[]>(ORDER.map((tab) => [tab, []]))
  for (const [name, setting] of Object.entries(properties)) {
    const tab = TABS[setting['x-group'] ?? ''] ?? 'main'
    tabs.set(tab, [...(tabs.get(tab) ?? []), name])
  }
  return new Map([...tabs].filter(([, names]) => names.length > 0))
}
