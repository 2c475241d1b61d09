/** The words of what can be done with a to-do. */
export const ACTIONS: Record<string, string> = { reject: '驳回', return: '退回', transfer: '转交', delegate: '请人给意见', add_sign: '加签', remove_sign: '减签', recall: '撤回' }

/** Which ones ask for something before they are done. */
export const ASKS: ReadonlySet<string> = new Set(['reject', 'return', 'transfer', 'delegate', 'add_sign', 'remove_sign', 'recall'])

/** What people write most; a click puts it into the comment. */
export const PHRASES: readonly string[] = ['同意。', '数量再核实一下。', '请补充供应商报价。', '价格偏高，再谈一轮。', '按上次的量备。']

const STORED = 'beihuo.phrases'

export const storedPhrases = (): string[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]')
    return Array.isArray(kept) ? kept.filter((each): each is string => typeof each === 'string') : []
  } catch {
    return []
  }
}

export const keepPhrases = (phrases: readonly string[]): void => localStorage.setItem(STORED, JSON.stringify(phrases.slice(0, 20)))
