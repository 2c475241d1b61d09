/** Records that walk through states: filter by state, search, open one beside the list. */
import { SearchOutlined } from '@ant-design/icons'
import { Input, Segmented } from 'antd'
import type { TFunction } from 'i18next'
import { type ReactNode, useCallback, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import type { RecordItem } from '../../api/types'
import { type Columns, ListView } from '../../components/list-view'
import { PageHeader } from '../../components/page-header'
import { useList } from '../../components/use-list'
import { RecordDrawer } from '../records/drawer'

export interface Opens {
  open: (record: RecordItem) => void
}

interface Props {
  title: string
  text: string
  path: string
  form: string
  /** The states in their order, each with its word; '' stands for all. */
  words: Record<string, string>
  searchLabel: string
  searchHint: string
  columns: (t: TFunction, open: Opens['open']) => Columns<RecordItem>
  width: number
  card: (record: RecordItem, open: Opens['open']) => ReactNode
  /** Where a record has a page of its own; without it, it opens beside the list. */
  page?: (record: RecordItem) => string
  /** What stands where nothing was found, or where there is nothing yet. */
  empty: (filtered: boolean) => ReactNode
  actions?: ReactNode
}

export const StatusList = ({ title, text, path, form, words, searchLabel, searchHint, columns, width, card, page, empty, actions }: Props) => {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const [word, setWord] = useState(search.get('q') ?? '')
  const [chosen, setChosen] = useState<RecordItem | null>(null)
  const status = search.get('status') ?? ''
  const q = useDeferredValue(word)
  const list = useList<RecordItem>(path, { status, q })
  const navigate = useNavigate()
  const open = useCallback((record: RecordItem): void => {
    if (page) void navigate(page(record))
    else setChosen(record)
  }, [navigate, page])
  const shown = useMemo(() => columns(t, open), [columns, t, open])
  return (
    <div className="page">
      <PageHeader title={title} text={text} actions={actions} />
      <div className="card">
        <div className="toolbar">
          <Segmented className="scroll-x" value={status} onChange={(value) => setSearch(value ? { status: String(value) } : {}, { replace: true })} options={Object.entries(words).map(([value, label]) => ({ value, label: t(label) }))} />
          <span className="spacer" />
          <Input allowClear prefix={<SearchOutlined />} aria-label={searchLabel} placeholder={searchHint} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 220 }} />
        </div>
        <ListView list={list} columns={shown} rowKey={(record) => record.id} onOpen={open} width={width} card={(record) => card(record, open)} empty={empty(Boolean(status || q))} />
      </div>
      {chosen ? <RecordDrawer form={form} record={chosen} onClose={() => setChosen(null)} /> : null}
    </div>
  )
}
