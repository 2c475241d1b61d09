/** Template packs as the API answers them. */
import type { Json, Problem } from '../../api/types'
import type { Schema } from '../../schema_form/schema'

export interface Named {
  kind: string
  key: string
  name: string
  name_en?: string
}

export interface Card {
  key: string
  name: string
  name_en?: string
  version: string
  author?: string
  licence?: string
  summary?: string
  summary_en?: string
  description?: string
  description_en?: string
  tags?: string[]
  for?: string[]
  requires?: Record<string, string>
  counts?: Record<string, number>
  tested?: number
  installed: string | null
  off: Named[]
}

export interface PackDetail extends Card {
  inputs: Schema
  given: Record<string, unknown>
  definitions: Named[]
  tests: { name: string; name_en: string }[]
}

export type Choice = 'keep' | 'replace' | 'rename'

export interface Answers {
  inputs: Record<string, unknown>
  choices: Record<string, Choice>
  people: Record<string, string[]>
  channels: Record<string, string>
}

export interface Ability {
  code: string
  words: string
  words_en: string
}

export interface Step {
  kind: string
  key: string
  name: string
  action: 'add' | 'same' | 'update' | 'merge' | Choice
  conflict: boolean
  conflicts: string[]
  before: Json | null
  after: Json | null
  theirs: Json | null
  abilities: Ability[]
}

export interface Trial {
  name: string
  name_en: string
  passed: boolean
  differences: { message: string; message_en: string }[]
}

export interface Preview {
  signature: { state: 'none' | 'trusted' | 'unknown' | 'broken'; key_id: string; name: string }
  requires: Card[]
  steps: Step[]
  abilities: Ability[]
  gaps: { people: { role: string; name: string; used_by: string[] }[]; channels: { channel: string; used_by: string[] }[] }
  overlaps: { rule: string; name: string; other: string; other_name: string; matches: number; both: number }[]
  problems: Problem[]
  tests: Trial[]
}

export interface Installed {
  pack: string
  version: string
  published: { kind: string; key: string; version: number }[]
  kept: string[]
  off: string[]
}

/** What the kinds of definitions are called; the order in which they are told. */
export const KINDS: [string, string][] = [
  ['form', '表单'], ['rule', '规则'], ['workflow', '流程'], ['trigger', '触发器'], ['route', '通知路由'], ['message', '消息模板'], ['dashboard', '看板'], ['calendar', '日历'],
  ['role', '角色'], ['policy', '补货策略'], ['forecast', '预测'], ['mapping', '导入映射'],
]

export const kindName = (kind: string): string => KINDS.find(([key]) => key === kind)?.[1] ?? kind
