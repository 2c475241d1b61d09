/** A message template, its preview, and the names that may stand in it. */
import type { Problem } from '../../api/types'

export interface Template {
  kind: 'message'
  key: string
  name: string
  channel?: string
  language: 'zh' | 'en'
  event?: string
  title?: string
  body: string
}

export interface Preview {
  title: string
  body: string
  problems: Problem[]
  /** What the notice's button says. */
  act: string
  is_real: boolean
  limit: { characters: number | null; size: number | null; links: boolean; lines: boolean }
  size: { characters: number; size: number }
}

export const EVENTS: [string, string][] = [['alert', '预警'], ['resolved', '恢复'], ['digest', '汇总'], ['todo', '待办']]

/** What a click puts into the text: the writing and what it means. */
export const PIECES: [string, string][] = [
  ['{{ title }}', '标题'],
  ['{{ level_name }}', '级别'],
  ['{{ rule }}', '规则'],
  ['{{ record }}', '商品与仓库'],
  ['{{ explanation }}', '原因'],
  ['{% for item in values %}{{ item.label }}:{{ item.value }}\n{% endfor %}', '所有数量'],
  ['{{ total }}', '条数'],
  ['{{ link }}', '处理链接'],
  ['{{ code }}', '回复编号'],
  ['{{ sent_at }}', '时间'],
]
