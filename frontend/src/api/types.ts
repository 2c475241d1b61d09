/** The shapes of the HTTP API (`/api/v1`), as its OpenAPI document gives them. */

export interface Problem {
  path: string
  message: string
  hint?: string | null
  message_en?: string | null
  hint_en?: string | null
  /** Place in the text that the path names, and the text that mends it. */
  at?: { offset: number; length: number }
  fix?: string
}

export interface ProblemDocument {
  type?: string
  title?: string
  title_en?: string
  status?: number
  detail?: string
  detail_en?: string
  problems?: Problem[]
}

export interface Page<T> {
  items: T[]
  next_cursor?: string | null
  total?: number
}

export type Language = 'zh' | 'en'
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Values = Record<string, Json>

export interface User {
  key: string
  name: string
  email?: string | null
  phone?: string | null
  roles: string[]
  language: Language
  active?: boolean
  superior?: string | null
}

export interface Session {
  user: User
  csrf_token: string
  workspace: { name: string; timezone: string; evaluation_day: string; is_demo: boolean; language?: Language }
}

export interface RunSummary {
  at: string
  seconds: number
  rules: number
  rows: number
  fired: number
}

export interface ChecklistItem {
  key: string
  title: string
  title_en: string
  done: boolean
  href: string
}

export interface Overview {
  alerts: { critical: number; warning: number; acknowledged: number }
  todos: number
  tasks: Record<string, number>
  stockouts: number
  units_7d: number[]
  last_run: RunSummary | null
  checklist: ChecklistItem[]
}

export interface SourceValue {
  source: string
  label?: string
  value: Json
}

export interface Episode {
  id: string | number
  rule: { key: string; name: string; version: number }
  state: 'pending' | 'firing' | 'resolved'
  level: string | null
  table: string
  keys: Record<string, string>
  labels: Record<string, string>
  started_at: string
  updated_at: string
  resolved_at: string | null
  acknowledged: { by: string; at: string; note?: string | null } | null
  snoozed_until: string | null
  explanation: string
  explanation_en: string
  values: SourceValue[]
  task: { id: string | number; code: string; status: string } | null
}

export interface AlertEvent {
  at: string
  event: string
  reason?: string | null
  level?: string | null
  by?: string | null
  note?: string | null
}

export interface AlertDetail extends Episode {
  history: AlertEvent[]
  deliveries: Delivery[]
}

export interface AlertList extends Page<Episode> {
  counts?: Record<string, number | Record<string, number>>
  groups?: { key: string; label: string; count: number; critical?: number }[]
}

export interface Curve {
  days: string[]
  sales: (number | null)[]
  stock: (number | null)[]
  threshold: (number | null)[]
  promotions: { name: string; from: string; to: string }[]
  stockouts: string[]
}

export interface Delivery {
  id: string | number
  channel: string
  recipient: string
  state: string
  attempts: number
  created_at: string
  sent_at: string | null
  error: string | null
  alert: string | number | null
  instance?: string | null
  title: string
  title_en?: string
  recipient_name?: string
  address?: string
  due_at?: string | null
  provider_id?: string | null
  acted_at?: string | null
  acted_op?: string | null
  message?: string
}

export interface DefinitionItem {
  key: string
  name: string
  version: number | null
  status: 'published' | 'draft' | 'disabled' | 'archived'
  enabled: boolean
  updated_at: string
  updated_by: string | null
  problems: number
}

export interface RuleItem extends DefinitionItem {
  over: string
  levels: string[]
  schedule: Schedule | null
  last_run: { at: string; fired: number } | null
  firing: number
  alerts_7d: number
  /** Records that the newest run could not judge. */
  unknown: number
  /** What the newest run looked at for it, and its part of the seconds. */
  cost: { rows: number; seconds: number } | null
  trial: { to: string; until: string } | null
}

export interface RuleTest {
  name?: string
  record: Record<string, Json>
  day?: string
  expect: string | null
}

export interface RuleOverride {
  where: string
  let?: Record<string, string>
  levels?: Level[]
}

export interface RuleExplanation {
  fires: boolean
  level: string | null
  conditions: { level: string; source: string; value: boolean | null; holds: boolean; reason: string; reason_en?: string; sentence: string; sentence_en: string }[]
  nearest: { level: string; sentence: string; sentence_en: string } | null
  sentence: string
  sentence_en: string
}

export interface UnknownItem {
  rule: { key: string; name: string }
  over: string
  at: string
  reason: string
  reason_en: string
  count: number
  examples: { keys: Record<string, string>; labels: Record<string, string> }[]
  fix: { form: string; field: string; label: string; codes: string[] } | null
}

export interface Draft<D> {
  definition: D
  etag: string
  updated_at: string
  updated_by: string | null
}

export interface Definition<D = Record<string, Json>> {
  key: string
  name: string
  kind: string
  version: number | null
  status: DefinitionItem['status']
  enabled: boolean
  definition: D | null
  problems: Problem[]
  draft: Draft<D> | null
}

export interface Version {
  version: number
  created_at?: string
  published_at?: string
  published_by?: string | null
  created_by?: string | null
  note?: string | null
}

export interface Schedule {
  cron?: string
  every?: string
  timezone?: string
}

export interface Level {
  level: string
  when: string
}

export interface DuringPhase {
  calendar: string
  let?: Record<string, string>
  levels?: Level[]
  replace?: boolean
  schedule?: Schedule
  for?: number | string
  route?: string
  repeat_every?: string
}

export interface RuleAction {
  type: 'notify' | 'replenish' | 'start_workflow' | 'create_record' | 'webhook'
  policy?: string
  workflow?: string
  if?: string
  to?: string[]
  channels?: string[]
}

export interface RuleDefinition {
  kind?: 'rule'
  schema_version?: number
  key: string
  name: string
  name_en?: string
  description?: string
  over: string
  where?: string
  let?: Record<string, string>
  levels: Level[]
  during?: DuringPhase[]
  for?: number | string
  resolve_when?: string
  no_data?: 'keep' | 'resolve' | 'fire'
  on_unknown?: 'ignore' | 'warn' | 'fire'
  share_by?: 'sku_total' | 'fixed' | 'recent_shipments'
  schedule?: Schedule
  on_event?: string[]
  group_by?: string[]
  route?: string
  repeat_every?: string
  message?: string
  timezone?: string
  trial?: { to: string; until: string }
  overrides?: RuleOverride[]
  tests?: RuleTest[]
  actions?: RuleAction[]
}

export interface RulePreview {
  /** What would fire newly, and what fires already under this rule. */
  new?: number
  open?: number
  evaluation_day: string
  rows: number
  seconds: number
  total: number
  by_level: Record<string, number>
  unknown: { total: number; reasons: { reason: string; reason_en: string; count: number }[] }
  sample: {
    keys: Record<string, string>
    labels: Record<string, string>
    level: string
    values: SourceValue[]
    explanation: string
    explanation_en: string
  }[]
}

export interface RunResult {
  run_id: string | number
  rules: number
  rows: number
  seconds: number
  fired: number
  changed: number
  resolved: number
  notices: number
  tasks: number
  examples: { rule: string; level: string; record: string; explanation: string; explanation_en?: string }[]
}

export interface ExpressionCheck {
  type: string | null
  problems: (Problem & { start?: number; end?: number })[]
  tree: Json
  groups: Json | null
  /** The formula with keys for the labels in it. */
  stored: string
  sentence: string
  sentence_en: string
}

export interface ExpressionField {
  path: string
  label: string
  label_en?: string
  type: string
  group: string
  options?: (string | { value: string; label?: string })[]
}

export interface FunctionDoc {
  name: string
  alias: string
  signature: string
  doc: string
  doc_en: string
  category: string
  examples: string[]
}

export interface Catalog {
  functions: FunctionDoc[]
  fields: FieldTypeInfo[]
  nodes: { type: string; title: string; title_en: string; schema: Json; icon?: string }[]
  channels: ChannelType[]
  connectors: { type: string; title: string; title_en: string; schema: Json }[]
}

export interface ChannelType {
  type?: string
  key?: string
  name?: string
  title: string
  title_en: string
  schema: Json
  example?: Json
}

export interface TodoItem {
  id: string
  title: string
  workflow: { key: string; name: string }
  node: { id: string; name: string }
  instance: string | number
  form: string | null
  record_id: string | number | null
  summary: { key?: string; label: string; label_en?: string; value: Json }[]
  arrived_at: string
  due_at: string | null
  initiator: string | null
  status?: string
}

export interface TodoField {
  key: string
  label: string
  label_en?: string
  type: string
  value: Json
  text?: string
  unit?: string
  options?: (string | { value: string; label?: string })[]
  required?: boolean
  form?: string
  precision?: number
  access: 'read' | 'write'
}

export interface FileInfo {
  id: string
  name: string
  size?: number
  type?: string
}

export interface TimelineEntry {
  at: string
  actor: string | null
  op: string
  node: string | null
  node_id?: string | null
  comment: string | null
  on_behalf_of?: string | null
  people?: string[]
  files?: FileInfo[]
}

export interface TodoDetail extends TodoItem {
  fields: TodoField[]
  timeline: TimelineEntry[]
  actions: string[]
  curve_alert: string | number | null
  state: 'open' | 'done' | 'withdrawn'
  owner: string | null
  returns: { node: string; name: string; not_undone: string[] }[]
  resume: 'replay' | 'direct' | 'changed' | 'ask'
  required: Record<string, string[]>
  choose_next: boolean
  added: { user: string; name: string }[]
  decided: { by: string; name: string; at: string | null; op: string | null } | null
}

export interface RecordItem {
  id: string | number
  version: number
  values: Values
  labels?: Record<string, string>
}

export type FieldOption = string | { value: string; label?: string; label_en?: string; color?: string; when?: string }

/** A field type as the catalog describes it: what the palette shows and what its settings panel is drawn from. */
export interface FieldTypeInfo {
  type: string
  title: string
  title_en: string
  schema: Json
  icon: string
  widget: string
  group: string
  doc?: string
  example: FormField
}

/** A piece of a form's layout; fields stand in sections and tabs, in 1 to 4 columns. */
export interface Block {
  type: 'section' | 'tabs' | 'tab' | 'columns' | 'text' | 'divider' | 'field' | 'button'
  title?: string
  title_en?: string
  text?: string
  field?: string
  fields?: string[]
  columns?: number
  collapsed?: boolean
  items?: Block[]
}

export interface FormRule {
  name?: string
  when: string
  show?: string[]
  hide?: string[]
  require?: string[]
  read_only?: string[]
  set?: Record<string, string>
}

export interface FormCheck {
  check: string
  message: string
  message_en?: string
  fields?: string[]
}

export interface FormField {
  key: string
  type: string
  label: string
  label_en?: string
  required?: boolean
  unique?: boolean
  default?: Json
  options?: FieldOption[]
  form?: string
  unit?: string
  help_en?: string
  placeholder?: string
  expression?: string
  read_only?: boolean
  fields?: FormField[]
  description?: string
  help?: string
  min?: number
  max?: number
  precision?: number
  decimals?: number
  hidden?: boolean
  default_expression?: string
  result?: string
  live?: boolean
  multiple?: boolean
  where?: string
  create?: boolean
  copy?: Record<string, string>
  display?: string
  allow_new?: boolean
  max_count?: number
  min_rows?: number
  max_rows?: number
  stars?: number
  packs?: { unit: string; size: number }[]
  whole_packs?: string
  pattern?: string
  pattern_message?: string
  min_length?: number
  max_length?: number
  symbology?: string
  series?: string
  days?: number
  accept?: string[]
  max_size_mb?: number
  scan?: boolean
  currency?: string
  level?: string
}

export interface FormPermission {
  role: string
  can: string[]
  rows?: string
  fields?: Record<string, 'write' | 'read' | 'hide'>
}

export interface FormDefinition {
  kind?: 'form'
  schema_version?: number
  key: string
  name: string
  icon?: string
  display?: string[]
  rules?: FormRule[]
  checks?: FormCheck[]
  permissions?: FormPermission[]
  layout?: Block[]
  fields: FormField[]
  natural_keys?: string[]
  storage?: 'records' | 'facts'
  system?: boolean
  name_en?: string
  description?: string
  description_en?: string
  views?: { key: string; name: string; name_en?: string; type: string; columns?: string[]; frozen?: number }[]
}

export interface FormItem extends DefinitionItem {
  storage?: 'records' | 'facts'
  fields?: number
  records?: number
  system?: boolean
}

export interface MessageItem {
  id: string | number
  at: string
  title: string
  body: string
  language?: Language
  link: string | null
  read_at: string | null
  alert?: string | number | null
  todo?: string | null
}

export interface AuditEntry {
  id: string | number
  at: string
  actor: string | null
  action: string
  subject: { kind: string; key: string }
  summary: string
  summary_en: string
  before: Json
  after: Json
}

export interface ImportAnalysis {
  file: string
  name: string
  sheets: string[]
  sheet: string | null
  header_row: number
  encoding: string | null
  columns: { name: string; samples: string[]; type_guess: string }[]
  rows: number
  guesses: { key?: string; mapping?: string; name: string; name_en?: string; score: number; into?: string; columns?: Record<string, string> }[]
  into_guess: string | null
}

export interface ImportError {
  row: number
  column: string | null
  message: string
  message_en: string
  value: Json
}

export interface ImportResult {
  rows?: number
  inserted?: number
  updated?: number
  unchanged?: number
  skipped?: number
  errors?: ImportError[]
  error_count?: number
  notes?: (string | { message: string; message_en?: string })[]
  problems?: Problem[]
  has_errors_file?: boolean
}

export interface ImportJob {
  id: string
  status: 'queued' | 'running' | 'done' | 'failed' | 'undone'
  file?: string
  form?: string
  created_at?: string
  created_by?: string | null
  undone_at?: string | null
  progress: { done: number; total: number | null } | null
  result: ImportResult | null
}
