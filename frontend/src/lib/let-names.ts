/** Words for the names that shipped rules give to their computed values; a user's own names stay as they are. */
const NAMES: Record<string, [string, string]> = {
  daily: ['日均销量', 'average daily sales'],
  available: ['可用库存', 'available stock'],
  lead: ['提前期', 'lead time'],
  line: ['预警线', 'alert line'],
  cover: ['可售天数', 'days of cover'],
}

export const sayName = (name: string, language: 'zh' | 'en'): string => NAMES[name]?.[language === 'zh' ? 0 : 1] ?? name
