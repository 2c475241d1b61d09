/** A live form in React: its logic from the server, linked records fetched as they are picked, and fields that re-render alone. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { api } from '../../api/client'
import type { FormDefinition, Page, RecordItem, Values } from '../../api/types'
import { useSession } from '../../app/query'
import type { FormLogic, Links } from '../../lib/form/level'
import { LiveForm } from '../../lib/form/live'

export const useFormLogic = (form: string) => useQuery({ queryKey: ['form-logic', form], queryFn: () => api.get<FormLogic>(`/forms/${form}/logic`), staleTime: 300_000 })

/** One part of a live form; the component renders again only when that part is another. */
export const useLive = <T,>(live: LiveForm, choose: (live: LiveForm) => T): T => useSyncExternalStore(live.subscribe, () => choose(live))

const textOf = (code: string): string => `'${code.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** The record of *form* that has *code*, with the records that it points to as far as formulas read. */
const fetchLinked = async (form: string, code: string, links: Links): Promise<Values | null> => {
  const found = await api.get<Page<RecordItem>>(`/forms/${form}/records`, { filter: `code == ${textOf(code)}`, limit: 1 })
  const values = found.items[0]?.values
  if (!values) return null
  const inner = await Promise.all(Object.entries(links).map(async ([key, link]) => {
    const next = values[key]
    return [key, typeof next === 'string' ? { ...(await fetchLinked(link.form, next, link.links)), code: next } : null] as const
  }))
  return { ...values, ...Object.fromEntries(inner.filter(([, record]) => record !== null)) } as Values
}

/** Keep the records that formulas read through links at hand. */
const useLinked = (live: LiveForm): void => {
  const links = live.logic.links
  const codes = useLive(live, (form) => Object.keys(links).map((key) => form.values[key]).join('\n'))
  const known = useRef(new Map<string, string>())
  useEffect(() => {
    for (const [key, link] of Object.entries(links)) {
      const code = live.values[key]
      const wanted = typeof code === 'string' && code !== '' ? code : ''
      if (known.current.get(key) === wanted) continue
      const picked = known.current.has(key) || live.existing === null
      known.current.set(key, wanted)
      if (wanted === '') live.link(key, null)
      else void fetchLinked(link.form, wanted, link.links).then((record) => {
        if (known.current.get(key) !== wanted) return
        live.link(key, record)
        if (picked) copyFrom(live, key, record)
      }).catch(() => undefined)
    }
  }, [codes, links, live])
}

/** A picked record brings some of its values along. */
const copyFrom = (live: LiveForm, key: string, record: Values | null): void => {
  const field = live.form.fields.find((one) => one.key === key)
  if (field?.type !== 'select_data' || !record) return
  for (const [target, source] of Object.entries(field.copy ?? {})) if (record[source] !== undefined && record[source] !== null) live.set(target, typeof record[source] === 'object' && !Array.isArray(record[source]) ? ((record[source] as Values).code ?? null) : (record[source] ?? null))
}

export const useLiveForm = (form: FormDefinition, logic: FormLogic, record: RecordItem | null, given?: Values): LiveForm => {
  const session = useSession()
  const zone = session.data?.workspace.timezone ?? 'Asia/Shanghai'
  const live = useMemo(() => new LiveForm(form, logic, { existing: record?.values ?? null, around: { now: new Date().toISOString(), zone }, given }), [form, logic, record, zone, given])
  useLinked(live)
  return live
}
