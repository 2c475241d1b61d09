/** A list in both layouts: a virtual table on the desk, cards on the phone, with all states of a list. */
import { Button, Table, type TableProps } from 'antd'
import { type ReactNode, type UIEvent, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { sayNumber } from '../lib/numbers'
import { Failed, TableSkeleton } from './states'
import type { List } from './use-list'
import { usePhone } from './use-phone'

export type Columns<T> = NonNullable<TableProps<T>['columns']>

interface Props<T> {
  list: List<T>
  columns: Columns<T>
  rowKey: (item: T) => string | number
  card: (item: T) => ReactNode
  empty: ReactNode
  to?: (item: T) => string | null
  onOpen?: (item: T) => void
  width?: number
  selection?: TableProps<T>['rowSelection']
  onChange?: TableProps<T>['onChange']
  unit?: string
}

const FOOT = 46
const HEAD = 42

/** The height that is left in the window under the table's head; a short window scrolls the page instead. */
const useRoom = (): [React.RefObject<HTMLDivElement | null>, number] => {
  const box = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState(480)
  useLayoutEffect(() => {
    const measure = (): void => {
      const top = (box.current?.getBoundingClientRect().top ?? 200) + window.scrollY
      setRoom(Math.max(320, Math.floor(window.innerHeight - top - HEAD - FOOT - 24)))
    }
    measure()
    const card = box.current?.closest('.card')
    const watcher = new ResizeObserver(measure)
    if (card) watcher.observe(card)
    window.addEventListener('resize', measure)
    return () => {
      watcher.disconnect()
      window.removeEventListener('resize', measure)
    }
  }, [])
  return [box, room]
}

const isControl = (target: EventTarget): boolean => target instanceof Element && target.closest('a,button,input,label,.ant-checkbox-wrapper,.ant-select') !== null

export const ListFoot = <T,>({ list, unit }: { list: List<T>; unit?: string }) => {
  const { t } = useTranslation()
  return (
    <div className="list-foot num">
      <span>
        {list.total === undefined || list.total === list.items.length
          ? t('共 {{n}} {{unit}}', { n: sayNumber(list.items.length), unit: unit ?? t('条') })
          : t('已显示 {{n}} / {{total}} {{unit}}', { n: sayNumber(list.items.length), total: sayNumber(list.total), unit: unit ?? t('条') })}
      </span>
      {list.hasMore ? <Button size="small" type="text" loading={list.isLoadingMore} onClick={list.loadMore}>{t('再多看一些')}</Button> : null}
    </div>
  )
}

const DeskTable = <T extends object>({ list, columns, rowKey, to, onOpen, width = 1000, selection, onChange }: Props<T>) => {
  const [box, room] = useRoom()
  const navigate = useNavigate()
  const open = (item: T): void => {
    const target = to?.(item)
    if (onOpen) onOpen(item)
    else if (target) void navigate(target)
  }
  const scrolled = (event: UIEvent<HTMLDivElement>): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
    if (scrollTop > 0 && scrollHeight - scrollTop - clientHeight < 600) list.loadMore()
  }
  return (
    <div ref={box} className={to || onOpen ? 'clickable-rows' : ''}>
      <Table<T>
        virtual
        size="middle"
        columns={columns}
        dataSource={list.items}
        rowKey={rowKey}
        pagination={false}
        scroll={{ x: width, y: room }}
        rowSelection={selection}
        onChange={onChange}
        onScroll={scrolled}
        showSorterTooltip={false}
        onRow={(item) => ({ onClick: (event) => { if (!isControl(event.target)) open(item) } })}
      />
    </div>
  )
}

export const ListView = <T extends object>(props: Props<T>) => {
  const { list, card, rowKey, empty, unit } = props
  const phone = usePhone()
  if (list.isPending) return <TableSkeleton />
  if (list.isError) return <Failed error={list.error} retry={list.refetch} />
  if (list.items.length === 0) return <>{empty}</>
  return (
    <div className={list.isRefreshing ? 'refreshing' : ''}>
      {phone ? <ul className="cards">{list.items.map((item) => <li key={rowKey(item)}>{card(item)}</li>)}</ul> : <DeskTable {...props} />}
      <ListFoot list={list} unit={unit} />
    </div>
  )
}
