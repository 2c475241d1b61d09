/** Rename a computed value everywhere a rule speaks of it. */
import type { DuringPhase, RuleDefinition } from '../../../api/types'
import { bareName, tokenise } from '../../../lib/tokens'

const isPlain = (name: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)

export const renameIn = (source: string, from: string, to: string): string =>
  tokenise(source).map((token) => (token.kind === 'name' && bareName(token.text) === from ? (isPlain(to) ? to : `\`${to}\``) : token.text)).join('')

const renameKeys = (values: Record<string, string> | undefined, from: string, to: string): Record<string, string> | undefined =>
  values && Object.fromEntries(Object.entries(values).map(([name, source]) => [name === from ? to : name, renameIn(source, from, to)]))

export const renameValue = (rule: RuleDefinition, from: string, to: string): Partial<RuleDefinition> => {
  const change = (source: string): string => renameIn(source, from, to)
  const phase = (item: DuringPhase): DuringPhase => ({ ...item, ...(item.let ? { let: renameKeys(item.let, from, to) } : {}), ...(item.levels ? { levels: item.levels.map((level) => ({ ...level, when: change(level.when) })) } : {}) })
  return {
    let: renameKeys(rule.let, from, to),
    levels: rule.levels.map((level) => ({ ...level, when: change(level.when) })),
    ...(rule.resolve_when ? { resolve_when: change(rule.resolve_when) } : {}),
    ...(rule.during ? { during: rule.during.map(phase) } : {}),
  }
}
