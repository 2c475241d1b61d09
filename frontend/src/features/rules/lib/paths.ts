/** From a problem's JSON path to the section of the builder that shows it. */

export type Section = 'backtest' | 'basics' | 'levels' | 'values' | 'during' | 'schedule' | 'steady' | 'actions' | 'overrides' | 'tests'

const SECTIONS: [RegExp, Section][] = [
  [/^\$\.levels|^\$\.resolve_when/, 'levels'],
  [/^\$\.let/, 'values'],
  [/^\$\.during/, 'during'],
  [/^\$\.overrides/, 'overrides'],
  [/^\$\.tests/, 'tests'],
  [/^\$\.(schedule|on_event|timezone)/, 'schedule'],
  [/^\$\.(for|no_data|on_unknown|repeat_every)/, 'steady'],
  [/^\$\.(actions|route|group_by|message|trial)/, 'actions'],
]

export const sectionOf = (path: string): Section => SECTIONS.find(([pattern]) => pattern.test(path))?.[1] ?? 'basics'

export const levelOf = (path: string): number | null => {
  const match = /^\$\.levels\[(\d+)\]/.exec(path)
  return match ? Number(match[1]) : null
}
