/** The alerts board: what fires now, why, since when, and who has it in hand. */
import { BellOutlined, CheckCircleFilled, CheckOutlined, ClockCircleOutlined, SearchOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Dropdown, Input, Segmented, Select } from 'antd'
import { type Key, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client'
import type { Episode, Page, RecordItem, RuleItem } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import { ListView } from '../../components/list-view'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { useList } from '../../components/use-list'
import { usePhone } from '../../components/use-phone'
import { AlertCard } from './card'
import { alertColumns } from './columns'
import { Groups } from './groups'
import './alerts.css'

export type Filters = Record<'state' | 'level' | 'rule' | 'warehouse' | 'q' | 'group_by', string>

const useFilters = (): [Filters, (name: keyof Filters, value: string | undefined) => void] => {
  const [search, setSearch] = useSearchParams()
  const get = (name: string): string => search.get(name) ?? ''
  const filters: Filters = { state: get('state') || 'firing', level: get('level'), rule: get('rule'), warehouse: get('warehouse'), q: get('q'), group_by: get('group_by') }
  const set = (name: keyof Filters, value: string | undefined): void =>
    setSearch((previous) => {
      const next = new URLSearchParams(previous)
      if (value) next.set(name, value)
      else next.delete(name)
      return next
    }, { replace: true })
  return [filters, set]
}

const Toolbar = ({ filters, set }: { filters: Filters; set: (name: keyof Filters, value: string | undefined) => void }) => {
  const { t } = useTranslation()
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => api.get<Page<RuleItem>>('/rules') })
  const warehouses = useQuery({ queryKey: ['options', 'warehouse'], queryFn: () => api.get<Page<RecordItem>>('/forms/warehouse/records', { limit: 200 }), staleTime: 300_000 })
  const [word, setWord] = useState(filters.q)
  const phone = usePhone()
  const selects = (
    <>
      <Select allowClear aria-label={t('级别')} placeholder={t('级别')} value={filters.level || undefined} onChange={(value) => set('level', value)} style={{ width: 104 }} options={[{ value: 'critical', label: t('严重') }, { value: 'warning', label: t('警告') }]} />
      <Select allowClear showSearch={{ optionFilterProp: 'label' }} aria-label={t('规则')} placeholder={t('规则')} value={filters.rule || undefined} onChange={(value) => set('rule', value)} style={{ width: 168 }} options={rules.data?.items.map((rule) => ({ value: rule.key, label: rule.name }))} />
      <Select allowClear aria-label={t('仓库')} placeholder={t('仓库')} value={filters.warehouse || undefined} onChange={(value) => set('warehouse', value)} style={{ width: 128 }} options={warehouses.data?.items.map((item) => ({ value: String(item.values.code), label: String(item.values.name ?? item.values.code) }))} />
      <Select allowClear aria-label={t('分组')} placeholder={t('分组')} value={filters.group_by || undefined} onChange={(value) => set('group_by', value)} style={{ width: 120 }} options={[{ value: 'rule', label: t('按规则') }, { value: 'warehouse', label: t('按仓库') }, { value: 'sku', label: t('按商品') }, { value: 'owner', label: t('按负责人') }]} />
    </>
  )
  return (
    <div className="toolbar">
      <Segmented
        value={filters.state}
        onChange={(value) => set('state', String(value))}
        options={[{ value: 'firing', label: t('告警中') }, { value: 'pending', label: t('观察中') }, { value: 'resolved', label: t('已恢复') }, { value: 'all', label: t('全部') }]}
      />
      <span className="spacer" />
      {phone ? <details className="more-filters"><summary>{t('筛选与分组')}</summary><div className="more-filters-body">{selects}</div></details> : selects}
      <Input allowClear aria-label={t('搜索商品')} placeholder={t('搜索商品')} prefix={<SearchOutlined />} value={word} style={{ width: 200 }} onChange={(event) => { setWord(event.target.value); set('q', event.target.value) }} />
    </div>
  )
}

const useAcknowledge = (done: () => void) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: (ids: Key[]) => api.post('/alerts/acknowledge', { ids }),
    onSuccess: (_answer, ids) => {
      void message.success(t('已认领 {{n}} 条预警', { n: ids.length }))
      void queryClient.invalidateQueries({ queryKey: ['list', '/alerts'] })
      void queryClient.invalidateQueries({ queryKey: ['overview'] })
      done()
    },
  })
}

const useSnooze = (done: () => void) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ ids, milliseconds }: { ids: Key[]; milliseconds: number }) => api.post('/alerts/snooze', { ids, until: new Date(Date.now() + milliseconds).toISOString() }),
    onSuccess: (_answer, { ids }) => {
      void message.success(t('{{n}} 条预警暂停提醒', { n: ids.length }))
      void queryClient.invalidateQueries({ queryKey: ['list', '/alerts'] })
      done()
    },
  })
}

const DAY = 86_400_000

const BulkBar = ({ selected, clear }: { selected: Key[]; clear: () => void }) => {
  const { t } = useTranslation()
  const acknowledge = useAcknowledge(clear)
  const snooze = useSnooze(clear)
  return (
    <div className="bulk" role="status">
      <span className="strong num">{t('已选 {{n}} 条', { n: selected.length })}</span>
      <Button size="small" type="primary" icon={<CheckOutlined />} loading={acknowledge.isPending} onClick={() => acknowledge.mutate(selected)}>{t('认领')}</Button>
      <Dropdown menu={{ items: [{ key: DAY / 24, label: t('1 小时') }, { key: DAY, label: t('1 天') }, { key: 3 * DAY, label: t('3 天') }, { key: 7 * DAY, label: t('7 天') }], onClick: ({ key }) => snooze.mutate({ ids: selected, milliseconds: Number(key) }) }}>
        <Button size="small" icon={<ClockCircleOutlined />} loading={snooze.isPending}>{t('暂停提醒')}</Button>
      </Dropdown>
      <Button size="small" type="text" onClick={clear}>{t('取消选择')}</Button>
    </div>
  )
}

const NoAlerts = ({ filters }: { filters: Filters }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const filtered = Boolean(filters.level || filters.rule || filters.warehouse || filters.q)
  if (filtered) return <Empty title={t('没有符合条件的预警')} text={t('换一个条件试试。')} action={<Button onClick={() => void navigate('/alerts')}>{t('清除条件')}</Button>} />
  return <Empty good icon={<CheckCircleFilled />} title={t('没有预警')} text={t('规则按计划运行，一有商品低于安全线就出现在这里。')} action={<Button onClick={() => void navigate('/rules')}>{t('看看规则')}</Button>} />
}

const AlertsBoard = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [filters, set] = useFilters()
  const [selected, setSelected] = useState<Key[]>([])
  const query = useDeferredValue(filters)
  const list = useList<Episode>('/alerts', query)
  const columns = useMemo(() => alertColumns(t), [t])
  const navigate = useNavigate()
  const mayAct = can(user.roles, 'operator', 'designer')
  return (
    <div className="page">
      <PageHeader title={t('预警')} text={t('哪些商品快断货、为什么、谁在处理')} actions={mayAct ? <Button icon={<BellOutlined />} onClick={() => void navigate('/silences')}>{t('静默')}</Button> : null} />
      <div className="card">
        <Toolbar filters={filters} set={set} />
        {selected.length > 0 ? <BulkBar selected={selected} clear={() => setSelected([])} /> : null}
        {query.group_by && list.items.length > 0 ? (
          <Groups list={list} by={query.group_by} />
        ) : (
          <ListView
            list={list}
            columns={columns}
            rowKey={(item) => item.id}
            to={(item) => `/alerts/${item.id}`}
            width={944}
            card={(item) => <AlertCard item={item} />}
            selection={mayAct ? { selectedRowKeys: selected, onChange: setSelected, columnWidth: 44 } : undefined}
            empty={<NoAlerts filters={query} />}
          />
        )}
      </div>
    </div>
  )
}

export default AlertsBoard
