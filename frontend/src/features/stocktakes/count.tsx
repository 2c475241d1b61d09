/** Counting with a phone in hand: one SKU a row, large numbers, saved as one goes; then the differences, and their approval. */
import { CheckOutlined, SearchOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../../api/client'
import type { Page, RecordItem } from '../../api/types'
import { useMe } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, PageSkeleton } from '../../components/states'
import { sayNumber } from '../../lib/numbers'
import { differences, type SheetLine, SheetState } from './sheet'
import './stocktakes.css'

const SHOWN = 200

const Row = ({ line, name, open, save }: { line: SheetLine; name: string; open: boolean; save: (sku: string, counted: number) => void }) => {
  const { t } = useTranslation()
  const done = line.counted !== null && line.counted !== undefined
  const difference = done ? Number(line.counted) - (line.book ?? 0) : 0
  return (
    <li className={`count-row ${done ? 'done' : ''}`}>
      <span className="grow"><strong className="ellipsis block">{name}</strong><small className="faint num">{line.sku}{done ? ` · ${t('账面 {{n}}', { n: sayNumber(line.book ?? 0) })}` : ''}</small></span>
      {done && difference !== 0 ? <span className={`num difference ${difference > 0 ? 'plus' : 'minus'}`}>{difference > 0 ? '+' : '−'}{sayNumber(Math.abs(difference))}</span> : null}
      {done && difference === 0 ? <CheckOutlined className="count-ok" aria-label={t('一致')} /> : null}
      {open ? <InputNumber key={String(line.counted)} size="large" inputMode="decimal" min={0} controls={false} aria-label={t('{{sku}} 实盘数量', { sku: line.sku })} placeholder={t('实盘')} defaultValue={line.counted ?? undefined} onBlur={(event) => { const text = event.target.value; if (text !== '' && Number(text) !== line.counted) save(line.sku, Number(text)) }} onPressEnter={(event) => event.currentTarget.blur()} style={{ width: 96 }} /> : <strong className="num count-number">{done ? sayNumber(Number(line.counted)) : '—'}</strong>}
    </li>
  )
}

const Foot = ({ record, lines }: { record: RecordItem; lines: SheetLine[] }) => {
  const { t } = useTranslation()
  const { modal, message } = App.useApp()
  const me = useMe()
  const client = useQueryClient()
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['stocktake', record.id] })
  const submit = useMutation({ mutationFn: () => api.post(`/stocktakes/${record.id}/submit`), onSuccess: refresh })
  const decide = useMutation({ mutationFn: (approve: boolean) => api.post(`/stocktakes/${record.id}/decide`, { approve }), onSuccess: async (_, approve) => { void message.success(approve ? t('库存已调整') : t('已驳回')); await refresh() } })
  const counted = lines.filter((line) => line.counted !== null && line.counted !== undefined)
  const wrong = differences(lines)
  const status = String(record.values.status)
  const boss = me.user.roles.some((role) => ['admin', 'manager'].includes(role)) && record.values.counted_by !== me.user.key
  const hand = (): void => void modal.confirm({ title: t('提交盘点？'), content: t('盘了 {{n}} 个商品，{{m}} 个有差异；没盘的 {{k}} 个不调整。', { n: counted.length, m: wrong.length, k: lines.length - counted.length }), okText: t('提交'), cancelText: t('再盘一会'), onOk: () => submit.mutateAsync() })
  return (
    <div className="count-foot">
      <span className="grow num">{t('已盘 {{n}} / {{all}}', { n: counted.length, all: lines.length })}<br /><small className={wrong.length ? 'difference minus' : 'faint'}>{t('{{n}} 个有差异', { n: wrong.length })}</small></span>
      {status === 'counting' ? <Button type="primary" size="large" disabled={counted.length === 0} loading={submit.isPending} onClick={hand}>{t('提交审批')}</Button> : null}
      {status === 'submitted' && boss ? <><Button size="large" onClick={() => decide.mutate(false)}>{t('驳回')}</Button><Button type="primary" size="large" loading={decide.isPending} onClick={() => decide.mutate(true)}>{t('同意调整')}</Button></> : null}
      {status === 'submitted' && !boss ? <span className="faint">{t('等主管审批（盘点人不能自己审）')}</span> : null}
    </div>
  )
}

const CountPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const client = useQueryClient()
  const [word, setWord] = useState('')
  const [only, setOnly] = useState('all')
  const sheet = useQuery({ queryKey: ['stocktake', Number(id)], queryFn: () => api.get<RecordItem>(`/forms/stocktake/records/${id}`) })
  const lines = (sheet.data?.values.lines ?? []) as unknown as SheetLine[]
  const names = useQuery({ queryKey: ['count-names', id], queryFn: () => api.get<Page<RecordItem>>('/forms/sku/records', { limit: 1000 }), enabled: sheet.isSuccess, staleTime: 300_000 })
  const count = useMutation({
    mutationFn: (one: { sku: string; counted: number }) => api.post<RecordItem>(`/stocktakes/${id}/count`, { counts: [one] }),
    onSuccess: (record) => client.setQueryData(['stocktake', Number(id)], (before: RecordItem | undefined) => ({ ...before, ...record })),
  })
  if (sheet.isPending) return <PageSkeleton />
  if (sheet.isError) return <div className="page"><Failed error={sheet.error} retry={() => void sheet.refetch()} /></div>
  const called = new Map((names.data?.items ?? []).map((item) => [String(item.values.code), String(item.values.name ?? item.values.code)]))
  const text = word.trim().toLowerCase()
  const matching = lines.filter((line) => `${line.sku} ${called.get(line.sku) ?? ''}`.toLowerCase().includes(text)).filter((line) => only === 'all' || (only === 'left' ? line.counted === null || line.counted === undefined : differences([line]).length > 0))
  const open = sheet.data.values.status === 'counting'
  return (
    <div className="page narrow count-page">
      <PageHeader title={sheet.data.labels?.warehouse ?? String(sheet.data.values.warehouse)} documentTitle={String(sheet.data.values.code)} tag={<SheetState state={String(sheet.data.values.status)} />} text={<span className="num">{String(sheet.data.values.code)}</span>} back={{ to: '/stocktakes', label: t('盘点') }} />
      <div className="card">
        <div className="toolbar">
          <Input allowClear size="large" prefix={<SearchOutlined />} aria-label={t('扫码或搜索')} placeholder={t('扫码或搜索商品')} value={word} onChange={(event) => setWord(event.target.value)} style={{ flex: 1, minWidth: 180 }} />
          <Segmented value={only} onChange={setOnly} options={[{ value: 'all', label: t('全部') }, { value: 'left', label: t('未盘') }, { value: 'wrong', label: t('有差异') }]} />
        </div>
        {matching.length === 0 ? <Empty title={t('没有符合条件的商品')} /> : <ul>{matching.slice(0, SHOWN).map((line) => <Row key={line.sku} line={line} name={called.get(line.sku) ?? line.sku} open={open} save={(sku, counted) => count.mutate({ sku, counted })} />)}</ul>}
        {matching.length > SHOWN ? <p className="list-foot">{t('还有 {{n}} 个，搜索或扫码来找', { n: matching.length - SHOWN })}</p> : null}
      </div>
      <Foot record={sheet.data} lines={lines} />
    </div>
  )
}

export default CountPage
