/** The kinds of steps the server knows, in the order in which people look for them. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../../../api/client'
import type { Catalog } from '../../../api/types'

export type NodeKind = Catalog['nodes'][number] & { group?: string; sentence?: string; sentence_en?: string }

export const useKinds = (): NodeKind[] => {
  const catalog = useQuery({ queryKey: ['catalog'], queryFn: () => api.get<Catalog>('/catalog'), staleTime: 600_000 })
  return catalog.data?.nodes ?? NONE
}

const NONE: NodeKind[] = []

export const MENU: readonly { title: string; kinds: readonly string[] }[] = [
  { title: '请人处理', kinds: ['approval', 'task', 'each', 'cc', 'notify'] },
  { title: '分几条路', kinds: ['exclusive', 'parallel', 'inclusive', 'event'] },
  { title: '自动做', kinds: ['create_record', 'update_record', 'query_records', 'delete_record', 'replenish', 'set', 'webhook', 'call'] },
  { title: '等一等', kinds: ['timer', 'signal'] },
  { title: '到此为止', kinds: ['end', 'terminate'] },
]

/** What a fresh step is set to, so that it can be understood at once. */
export const freshSettings = (type: string): Record<string, unknown> => {
  switch (type) {
    case 'approval': return { approvers: [], mode: 'any', empty: 'admin' }
    case 'task': return { approvers: [], empty: 'admin' }
    case 'each': return { each: 'lines', approvers: [], empty: 'admin' }
    case 'cc': return { to: [] }
    case 'notify': return { to: ['initiator'], text: '' }
    case 'timer': return { after: 'P1D' }
    case 'signal': return { signal: 'stock_in', persistent: true }
    case 'create_record': return { form: '', values: {} }
    case 'update_record': return { form: '', record: 'code', values: {} }
    case 'query_records': return { form: '', where: {}, limit: 10 }
    case 'delete_record': return { form: '', record: 'code' }
    case 'replenish': return { policy: 'default', values: { sku: 'sku', warehouse: 'warehouse' } }
    case 'set': return { set: {} }
    case 'webhook': return { url: '', body: {} }
    case 'call': return { workflow: '', in: {} }
    default: return {}
  }
}
