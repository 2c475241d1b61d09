/** Entries of the ledger: what moved, by how much, and how the numbers stood afterwards. */
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Columns, ListView } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { Empty } from '../../components/states'
import type { List } from '../../components/use-list'
import { sayNumber } from '../../lib/numbers'
import { type Entry, KIND_WORDS } from './types'

const Delta = ({ value }: { value: number }) => (value === 0 ? <span className="faint">·</span> : <span className={`num delta ${value > 0 ? 'plus' : 'minus'}`}>{value > 0 ? '+' : '−'}{sayNumber(Math.abs(value))}</span>)

const PARTS: [keyof Entry & ('on_hand' | 'reserved' | 'in_transit' | 'on_order'), string][] = [['on_hand', '在库'], ['reserved', '占用'], ['in_transit', '在途'], ['on_order', '采购在订']]

const columnsOf = (t: TFunction, places: Record<string, string>): Columns<Entry> => [
  { title: t('时间'), key: 'at', width: 132, render: (_, entry) => <Moment at={entry.at} /> },
  { title: t('变动'), key: 'kind', width: 104, render: (_, entry) => <strong>{t(KIND_WORDS[entry.kind] ?? entry.kind)}</strong> },
  { title: t('仓库'), key: 'warehouse', width: 92, render: (_, entry) => places[entry.warehouse] ?? entry.warehouse },
  ...PARTS.map(([key, label]) => ({
    title: t(label),
    key,
    align: 'right' as const,
    width: 108,
    render: (_: unknown, entry: Entry) => <span className="row nowrap entry-number"><Delta value={entry[`d_${key}`]} /> <span className="num soft">{sayNumber(entry[key])}</span></span>,
  })),
  { title: t('单据'), key: 'document', width: 150, render: (_, entry) => <span className="num ellipsis block" title={entry.note}>{entry.document || entry.note || '—'}</span> },
  { title: t('渠道'), key: 'channel', width: 84, render: (_, entry) => entry.channel || '—' },
  { title: t('谁'), key: 'actor', width: 90, render: (_, entry) => entry.actor },
]

export const Entries = ({ list, places }: { list: List<Entry>; places: Record<string, string> }) => {
  const { t } = useTranslation()
  const columns = useMemo(() => columnsOf(t, places), [t, places])
  return (
    <ListView
      list={list}
      columns={columns}
      rowKey={(entry) => entry.id}
      width={1080}
      card={(entry) => (
        <div className="card-row">
          <span className="row between"><span className="card-title">{t(KIND_WORDS[entry.kind] ?? entry.kind)}</span><Delta value={entry.d_on_hand || entry.d_reserved || entry.d_in_transit || entry.d_on_order} /></span>
          <span className="card-meta"><Moment at={entry.at} /> · {places[entry.warehouse] ?? entry.warehouse} · <span className="num">{t('在库 {{n}}', { n: sayNumber(entry.on_hand) })}</span> · {entry.document || entry.note}</span>
        </div>
      )}
      empty={<Empty title={t('还没有流水')} text={t('收货、销售、调拨、盘点和占用都会在这里各记一笔。')} />}
    />
  )
}
