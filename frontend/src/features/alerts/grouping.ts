/** Sort episodes into groups: the group with the most critical alerts first. */
import type { Episode } from '../../api/types'

export interface EpisodeGroup {
  key: string
  label: string
  critical: number
  items: Episode[]
}

const groupOf = (item: Episode, by: string): [string, string] => {
  if (by === 'rule') return [item.rule.key, item.rule.name]
  const key = item.keys[by] ?? item.labels[by] ?? ''
  return [key, item.labels[by] ?? key]
}

export const groupEpisodes = (items: readonly Episode[], by: string): EpisodeGroup[] => {
  const groups = new Map<string, EpisodeGroup>()
  for (const item of items) {
    const [key, label] = groupOf(item, by)
    const group = groups.get(key) ?? { key, label, critical: 0, items: [] }
    group.items.push(item)
    if (item.level === 'critical') group.critical += 1
    groups.set(key, group)
  }
  return [...groups.values()].sort((one, other) => other.critical - one.critical || other.items.length - one.items.length || one.label.localeCompare(other.label))
}
