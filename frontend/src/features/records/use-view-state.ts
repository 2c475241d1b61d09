/** How the list is looked at: what a link carries stands in the address, columns are remembered for the form. */
import { useCallback, useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { ColumnSetting, SavedView } from './types'

interface Shown {
  q: string
  filter: string
  sort: string
  group: string
  as: string
  columns: ColumnSetting[] | undefined
  frozen: number
}

export interface ViewState extends Shown {
  view: number | null
  set: (patch: Partial<Shown>) => void
  choose: (view: SavedView | null) => void
}

const IN_ADDRESS = ['q', 'filter', 'sort', 'group', 'as'] as const

interface Kept {
  columns?: ColumnSetting[]
  frozen?: number
}

const stored = (form: string): Kept => {
  try {
    return JSON.parse(localStorage.getItem(`beihuo.columns.${form}`) ?? '{}') as Kept
  } catch {
    return {}
  }
}

export const useViewState = (form: string): ViewState => {
  const [search, setSearch] = useSearchParams()
  const [kept, setKept] = useState<Kept>(() => stored(form))
  const keep = useCallback((next: Kept): void => {
    setKept(next)
    localStorage.setItem(`beihuo.columns.${form}`, JSON.stringify(next))
  }, [form])
  const put = useCallback((values: Record<string, string | undefined>): void => setSearch((previous) => {
    const next = new URLSearchParams(previous)
    for (const [name, value] of Object.entries(values)) {
      if (value) next.set(name, value)
      else next.delete(name)
    }
    return next
  }, { replace: true }), [setSearch])
  const set = useCallback((patch: Partial<Shown>): void => {
    const named = IN_ADDRESS.filter((name) => name in patch).map((name) => [name, patch[name]])
    if (named.length > 0) put(Object.fromEntries(named) as Record<string, string | undefined>)
    if ('columns' in patch || 'frozen' in patch) keep({ columns: 'columns' in patch ? patch.columns : kept.columns, frozen: patch.frozen ?? kept.frozen })
  }, [put, keep, kept])
  const choose = useCallback((view: SavedView | null): void => {
    const settings: SavedView['settings'] = view?.settings ?? {}
    put({ view: view ? String(view.id) : undefined, q: settings.q, filter: settings.filter, sort: settings.sort, group: settings.group_by })
    keep({ columns: settings.columns, frozen: settings.frozen })
  }, [put, keep])
  return useMemo(() => ({
    q: search.get('q') ?? '',
    filter: search.get('filter') ?? '',
    sort: search.get('sort') ?? '',
    group: search.get('group') ?? '',
    as: search.get('as') ?? '',
    view: search.get('view') ? Number(search.get('view')) : null,
    columns: kept.columns,
    frozen: kept.frozen ?? 1,
    set,
    choose,
  }), [search, kept, set, choose])
}
