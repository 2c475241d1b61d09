/** What if: phases and costs on the left, scenarios side by side with their sliders, demand and stock drawn, one of them saved as the plan. */
import { SaveOutlined } from '@ant-design/icons'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client'
import { can, errorText, useMe } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Failed } from '../../components/states'
import { sayNumber } from '../../lib/numbers'
import { learnedOf, nextYear, type Plan, type PromotionCalendar, type Scenario, type Simulation, type Terms } from './data'
import { BuyList } from './buy-list'
import { Scenarios } from './scenarios'
import { SimulatedCharts } from './simulated-charts'
import { TermsForm } from './terms-form'
import './promotions.css'

const usual: Scenario = { name: '', discount: 0.15, traffic: 1, price: 1, featured: false }

/** Start from the phases of an event of the calendar, moved to the year that is asked for, with what was learned of them. */
export const startingPhases = (calendar: PromotionCalendar, event: string | null, from: string | null, like: string | null): Terms['phases'] => {
  const found = calendar.events.find((one) => one.name === event && one.from === like) ?? calendar.events.find((one) => one.state === 'coming') ?? calendar.events.at(-1)
  if (!found) return [{ name: '高潮', from: calendar.today, to: calendar.today, multiplier: 2 }]
  const wanted = from ?? found.from
  const years = Math.max(Number(wanted.slice(0, 4)) - Number(found.from.slice(0, 4)), 0)
  return found.phases.map((phase) => ({ name: phase.name, from: nextYear(phase.from, years), to: nextYear(phase.to, years), multiplier: Math.round(100 * (learnedOf(calendar, found.name, phase.name) ?? phase.multiplier ?? 1)) / 100 }))
}

/** What changes at most every half second: moving a slider asks once, not a hundred times. */
const useSettled = <T,>(value: T): T => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 500)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

const Simulator = ({ calendar }: { calendar: PromotionCalendar }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const first = useMemo(() => startingPhases(calendar, search.get('event'), search.get('from'), search.get('like')), [calendar, search])
  const [terms, setTerms] = useState<Terms>({ where: {}, phases: first, discount: calendar.discount, salvage: 0.7, goodwill: 0 })
  const [scenarios, setScenarios] = useState<Scenario[]>([{ ...usual, name: t('保守'), discount: 0.1, traffic: 0.8 }, { ...usual, name: t('基准') }, { ...usual, name: t('进取'), discount: 0.25, traffic: 1.5 }])
  const [chosen, setChosen] = useState(1)
  const [name, setName] = useState(`${search.get('event') ?? calendar.events.find((event) => event.state === 'coming')?.name ?? t('大促')} ${(first[0]?.from ?? '').slice(0, 4)}`)
  const body = useMemo(() => ({ ...terms, scenarios }), [terms, scenarios])
  const settled = useSettled(body)
  const answer = useQuery({ queryKey: ['forecast', 'simulate', settled], queryFn: ({ signal: _signal }) => api.post<Simulation>('/promotions/simulate', settled), placeholderData: keepPreviousData, staleTime: 60_000, retry: false })
  const save = useMutation({
    mutationFn: () => api.post<Plan>('/promotions', { ...body, name, chosen }),
    onSuccess: (plan) => {
      void client.invalidateQueries({ queryKey: ['promotions'] })
      void client.invalidateQueries({ queryKey: ['forecast-runs'] })
      void message.success(t('已存为计划：{{name}}，预测正在按它更新', { name: plan.name }))
      void navigate('/promotions')
    },
    meta: { quiet: true },
  })
  const simulation = answer.data
  const stale = body !== settled || answer.isFetching
  return (
    <>
      <PageHeader
        title={t('大促推演')}
        back={{ to: '/promotions', label: t('大促') }}
        text={simulation ? t('{{n}} 个商品，{{from}} 至 {{to}}，基于 {{day}} 的预测', { n: sayNumber(simulation.items), from: simulation.from, to: simulation.to, day: simulation.run.day }) : t('拖动滑块，看需求、库存、缺货风险和要备多少')}
        actions={can(me.user.roles, 'operator', 'designer') ? <><Input aria-label={t('计划名称')} value={name} onChange={(event) => setName(event.target.value)} style={{ width: 160 }} /><Button type="primary" icon={<SaveOutlined />} loading={save.isPending} disabled={!simulation || !name.trim()} onClick={() => save.mutate()}>{t('把“{{name}}”存为计划', { name: scenarios[chosen]?.name ?? '' })}</Button></> : null}
      />
      {save.isError ? <p className="critical-text" role="alert">{errorText(save.error)}</p> : null}
      <div className="simulator">
        <TermsForm terms={terms} onChange={setTerms} />
        <div className="stack" aria-busy={stale}>
          <Scenarios scenarios={scenarios} results={simulation?.scenarios} chosen={chosen} stale={stale} onChoose={setChosen} onChange={(index, next) => setScenarios((now) => now.map((one, place) => (place === index ? next : one)))} />
          {answer.isError ? <div className="card"><Failed error={answer.error} retry={() => void answer.refetch()} /></div> : null}
          {answer.isPending ? <div className="card card-body"><CardSkeleton lines={8} /></div> : null}
          {simulation ? (
            <>
              {simulation.beyond > 0 ? <p className="soft">{t('有 {{n}} 天在预测期之外，按最近的水平推算；离大促越近越准。', { n: simulation.beyond })}</p> : null}
              <SimulatedCharts simulation={simulation} chosen={chosen} />
              <BuyList result={simulation.scenarios[chosen] ?? simulation.scenarios[0]} />
            </>
          ) : null}
        </div>
      </div>
    </>
  )
}

const SimulatorPage = () => {
  const answer = useQuery({ queryKey: ['promotions'], queryFn: () => api.get<PromotionCalendar>('/promotions') })
  return (
    <div className="page wide">
      {answer.isPending ? <div className="card card-body"><CardSkeleton lines={8} /></div> : null}
      {answer.isError ? <div className="card"><Failed error={answer.error} retry={() => void answer.refetch()} /></div> : null}
      {answer.data ? <Simulator calendar={answer.data} /> : null}
    </div>
  )
}

export default SimulatorPage
