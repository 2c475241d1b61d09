/** Demand of all scenarios with the chosen one's band; and the stock of the chosen one, with and without the buy. */
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useTokens } from '../../app/theme'
import { FONT, type Tokens } from '../../app/tokens'
import { CardSkeleton } from '../../components/states'
import { sayNumber } from '../../lib/numbers'
import type { Simulation } from './data'
import { SCENARIO_COLORS } from './scenarios'

const Chart = lazy(() => import('../../components/chart').then((module) => ({ default: module.Chart })))

const frame = (days: string[], tokens: Tokens, legend: string[]) => ({
  textStyle: { fontFamily: FONT },
  grid: { left: 8, right: 12, top: 40, bottom: 4, containLabel: true },
  legend: { left: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: tokens.textSoft }, data: legend },
  tooltip: { trigger: 'axis', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text, fontSize: 12 }, valueFormatter: (value: unknown) => (typeof value === 'number' ? sayNumber(value, 0) : '—') },
  xAxis: { type: 'category', data: days, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: tokens.line } }, axisLabel: { color: tokens.textFaint, hideOverlap: true, formatter: (day: string) => `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}` } },
  yAxis: { type: 'value', min: 0, axisLabel: { color: tokens.textFaint }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
})

const line = (name: string, data: number[], color: string, more: object = {}) => ({ name, type: 'line', data, symbol: 'none', lineStyle: { color, width: 2 }, itemStyle: { color }, ...more })

export const SimulatedCharts = ({ simulation, chosen }: { simulation: Simulation; chosen: number }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const result = simulation.scenarios[chosen] ?? simulation.scenarios[0]
  const demand = useMemo<EChartsCoreOption>(() => {
    const none = { symbol: 'none', lineStyle: { opacity: 0 }, stack: 'band', silent: true, tooltip: { show: false } }
    const color = tokens[SCENARIO_COLORS[chosen % 3] ?? 'brand']
    return {
      ...frame(simulation.days, tokens, [...simulation.scenarios.map((one) => one.name), t('平日')]),
      series: [
        { ...none, name: 'low', type: 'line', data: result?.low ?? [] },
        { ...none, name: 'band', type: 'line', data: (result?.high ?? []).map((high, index) => high - (result?.low[index] ?? 0)), areaStyle: { color, opacity: 0.14 } },
        line(t('平日'), simulation.usual, tokens.textFaint, { lineStyle: { color: tokens.textFaint, width: 1.5, type: 'dashed' } }),
        ...simulation.scenarios.map((one, index) => line(one.name, one.mean, tokens[SCENARIO_COLORS[index % 3] ?? 'brand'], { z: index === chosen ? 5 : 3, lineStyle: { color: tokens[SCENARIO_COLORS[index % 3] ?? 'brand'], width: index === chosen ? 2.5 : 1.5 } })),
      ],
    }
  }, [simulation, result, chosen, tokens, t])
  const stock = useMemo<EChartsCoreOption>(() => ({
    ...frame(simulation.days, tokens, [t('不采购'), t('按建议采购')]),
    series: [
      line(t('按建议采购'), result?.stock_after ?? [], tokens.good, { areaStyle: { color: tokens.good, opacity: 0.06 } }),
      line(t('不采购'), result?.stock ?? [], tokens.critical, { lineStyle: { color: tokens.critical, width: 2, type: 'dashed' } }),
    ],
  }), [simulation, result, tokens, t])
  return (
    <div className="grid-2 even">
      <section className="card"><div className="card-head"><div><h2>{t('每天的需求')}</h2><p className="faint">{t('阴影是所选方案八成把握的范围')}</p></div></div><div className="card-body"><Suspense fallback={<CardSkeleton lines={5} />}><Chart option={demand} height={260} label={t('各方案每天的需求')} /></Suspense></div></section>
      <section className="card"><div className="card-head"><div><h2>{t('库存怎么走')}</h2><p className="faint">{t('全部商品合计，开始时的库存已减去大促前的预测销量；单个商品可能先断')}</p></div></div><div className="card-body"><Suspense fallback={<CardSkeleton lines={5} />}><Chart option={stock} height={260} label={t('所选方案的库存')} /></Suspense></div></section>
    </div>
  )
}
