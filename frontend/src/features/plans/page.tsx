/** The plan workbench: today's proposals, decided line by line or all at once, as orders and transfers. */
import { CalculatorOutlined, SearchOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Segmented, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import { useSession } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, PageSkeleton } from '../../components/states'
import { useList } from '../../components/use-list'
import { usePhone } from '../../components/use-phone'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { PlanLines } from './lines'
import { MakeDialog } from './make'
import { PlanSummary } from './summary'
import { TrialDrawer } from './trial'
import type { CurrentPlan, Filter, PlanLine, PlanTotal, Taken } from './types'
import './plans.css'

const EVERYTHING: Filter = { kind: '', supplier: '', warehouse: '', abc_xyz: '', state: 'open' }
const CLASSES = ['AX', 'AY', 'AZ', 'BX', 'BY', 'BZ', 'CX', 'CY', 'CZ']
const given = (filter: Filter): Partial<Filter> => Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as Partial<Filter>

const Suppliers = ({ rows, chosen, onChoose }: { rows: PlanTotal[]; chosen: string; onChoose: (key: string) => void }) => {
  const { t } = useTranslation()
  const most = Math.max(...rows.map((row) => row.money), 1)
  return (
    <section className="card plan-suppliers" aria-label={t('按供应商')}>
      <div className="card-head"><h2>{t('按供应商')}</h2><Link to="/suppliers" className="text-button">{t('供应商评分')}</Link></div>
      <ul>
        {rows.map((row) => (
          <li key={row.supplier ?? ''}>
            <button type="button" className={chosen === row.supplier ? 'chosen' : ''} aria-pressed={chosen === row.supplier} onClick={() => onChoose(chosen === row.supplier ? '' : (row.supplier ?? ''))}>
              <span className="row between"><span className="ellipsis">{row.name ?? (row.supplier || t('没有供应商'))}</span><span className="num strong">{sayMoney(row.open_money)}</span></span>
              <span className="supplier-bar"><i style={{ width: `${(100 * row.open_money) / most}%` }} /></span>
              <span className="faint num">{t('{{n}} 条待定 · {{units}} 件', { n: row.open, units: sayNumber(row.units) })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

const useTake = (plan: number | undefined, done: () => void) => {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const client = useQueryClient()
  const refresh = (): Promise<unknown> => Promise.all([client.invalidateQueries({ queryKey: ['plan'] }), client.invalidateQueries({ queryKey: ['list'] })])
  const take = useMutation({
    mutationFn: (body: { ids?: number[]; filter?: Partial<Filter>; q?: string; send: boolean }) => api.post<Taken>(`/plans/${plan}/take`, body),
    onSuccess: async (taken) => {
      notification.success({
        title: t('已采纳 {{n}} 条建议', { n: taken.lines }),
        description: <span>{taken.orders.length > 0 ? <Link to="/orders">{t('{{n}} 张采购单', { n: taken.orders.length })}</Link> : null} {taken.transfers.length > 0 ? <Link to="/transfers">{t('{{n}} 张调拨单', { n: taken.transfers.length })}</Link> : null}</span>,
      })
      done()
      await refresh()
    },
  })
  const aside = useMutation({ mutationFn: (ids: number[]) => api.post(`/plans/${plan}/put-aside`, { ids }), onSuccess: async () => { done(); await refresh() } })
  return { take, aside }
}

const Workbench = ({ current, refetch }: { current: CurrentPlan; refetch: () => void }) => {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const phone = usePhone()
  const session = useSession()
  const may = session.data?.user.roles.some((role) => ['admin', 'designer', 'operator'].includes(role)) ?? false
  const [filter, setFilter] = useState<Filter>(EVERYTHING)
  const [word, setWord] = useState('')
  const [chosen, setChosen] = useState<number[]>([])
  const [open, setOpen] = useState<'make' | 'trial' | ''>('')
  const q = useDeferredValue(word.trim())
  const plan = current.plan
  const list = useList<PlanLine>(`/plans/${plan?.id ?? 0}/lines`, { ...given(filter), q }, plan !== null)
  const money = Number((list.first as { money?: number } | undefined)?.money ?? 0)
  const { take, aside } = useTake(plan?.id, () => setChosen([]))
  const set = (part: Partial<Filter>): void => { setFilter({ ...filter, ...part }); setChosen([]) }
  const all = (send: boolean): void => {
    void modal.confirm({
      title: t('采纳符合条件的 {{n}} 条建议？', { n: sayNumber(list.total ?? 0) }),
      content: send ? t('采购单会直接下单，调拨会直接发出。') : t('会生成草稿：每个供应商和仓库一张采购单，每条线路一张调拨单。'),
      okText: t('采纳'),
      cancelText: t('取消'),
      onOk: () => take.mutateAsync({ filter: { ...given(filter), state: undefined } as Partial<Filter>, q, send }),
    })
  }
  if (!plan) return <div className="page"><PageHeader title={t('补货计划')} /><div className="card"><Empty icon={<CalculatorOutlined />} title={t('还没有计划')} text={t('把预测、库存、在途和已提的需求合在一起，算出该调、该买、该清的货。')} action={may ? <Button type="primary" onClick={() => setOpen('make')}>{t('计算计划')}</Button> : null} /></div>{open === 'make' ? <MakeDialog last={null} onClose={() => { setOpen(''); refetch() }} /> : null}</div>
  const filtered = Boolean(q || filter.kind || filter.supplier || filter.warehouse || filter.abc_xyz)
  const source = plan.summary.source === 'forecast' ? t('按最新预测（含促销与人工修正）') : t('按销量历史')
  return (
    <div className="page plan-page">
      <PageHeader
        title={t('补货计划')}
        text={<span className="num">{plan.day} · {t('{{n}} 个商品库位', { n: sayNumber(plan.summary.places) })} · {source} · {t('已扣除在提需求 {{n}} 件', { n: sayNumber(plan.summary.netted) })} · {t('用时 {{n}} 秒', { n: sayNumber(plan.summary.seconds, 1) })}</span>}
        actions={may ? <Button icon={<CalculatorOutlined />} onClick={() => setOpen('make')}>{t('重新计算')}</Button> : null}
      />
      <PlanSummary current={current} kind={filter.kind} onKind={(kind) => set({ kind })} onTry={() => setOpen('trial')} />
      <div className="plan-columns">
        <div className="card plan-main">
          <div className="toolbar">
            <Segmented value={filter.state} onChange={(value) => set({ state: String(value) })} options={[{ value: 'open', label: t('待定') }, { value: 'accepted', label: t('已采纳') }, { value: 'dismissed', label: t('已放一边') }]} />
            <Select allowClear placeholder={t('仓库')} aria-label={t('仓库')} value={filter.warehouse || undefined} onChange={(value) => set({ warehouse: value ?? '' })} options={Object.entries(current.warehouses ?? {}).map(([value, label]) => ({ value, label }))} style={{ width: 112 }} />
            <Select allowClear placeholder="ABC×XYZ" aria-label="ABC×XYZ" value={filter.abc_xyz || undefined} onChange={(value) => set({ abc_xyz: value ?? '' })} options={CLASSES.map((value) => ({ value, label: value }))} style={{ width: 112 }} />
            <span className="spacer" />
            <Input allowClear prefix={<SearchOutlined />} aria-label={t('搜索商品')} placeholder={t('搜索商品编码或名称')} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: phone ? '100%' : 200 }} />
          </div>
          {may && filter.state === 'open' && (list.total ?? 0) > 0 ? (
            <div className="plan-actions">
              {chosen.length > 0 ? (
                <><strong className="num">{t('已选 {{n}} 条', { n: chosen.length })}</strong><Button type="primary" size="small" loading={take.isPending} onClick={() => take.mutate({ ids: chosen, send: false })}>{t('采纳所选')}</Button><Button size="small" onClick={() => take.mutate({ ids: chosen, send: true })}>{t('采纳并下单')}</Button><Button size="small" type="text" onClick={() => aside.mutate(chosen)}>{t('放一边')}</Button></>
              ) : (
                <><span className="soft num">{t('{{n}} 条，共 {{money}}', { n: sayNumber(list.total ?? 0), money: sayMoney(money) })}</span><Button type="primary" size="small" loading={take.isPending} onClick={() => all(false)}>{t('全部采纳')}</Button><Button size="small" onClick={() => all(true)}>{t('全部采纳并下单')}</Button></>
              )}
            </div>
          ) : null}
          <PlanLines list={list} plan={plan.id} places={current.warehouses ?? {}} chosen={chosen} onChoose={setChosen} filtered={filtered} />
        </div>
        {(current.suppliers ?? []).length > 0 ? <Suppliers rows={current.suppliers ?? []} chosen={filter.supplier} onChoose={(supplier) => set({ supplier, kind: supplier ? 'buy' : filter.kind })} /> : null}
      </div>
      {open === 'make' ? <MakeDialog last={plan} onClose={() => setOpen('')} /> : null}
      {open === 'trial' ? <TrialDrawer trial={current.trial} onClose={() => setOpen('')} allowed={may} /> : null}
    </div>
  )
}

const PlanPage = () => {
  const current = useQuery({ queryKey: ['plan'], queryFn: () => api.get<CurrentPlan>('/plans/current') })
  const navigate = useNavigate()
  if (current.isPending) return <PageSkeleton />
  if (current.isError) return <div className="page"><Failed error={current.error} retry={() => void current.refetch()} /></div>
  return <Workbench key={current.data.plan?.id ?? 0} current={current.data} refetch={() => void navigate('/plans')} />
}

export default PlanPage
