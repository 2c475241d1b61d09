/** A SKU's story: stock against its threshold above, sales below, promotions shaded, days without stock marked. */
import type { EChartsCoreOption } from 'echarts/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Curve } from '../api/types'
import { useTokens } from '../app/theme'
import { FONT, type Tokens } from '../app/tokens'
import { sayNumber } from '../lib/numbers'
import { stretches } from '../lib/promotions'
import { Chart } from './chart'
import { usePhone } from './use-phone'

type T = (text: string) => string

const shortDay = (day: string): string => `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}`

const axis = (tokens: Tokens, grid: number, days: string[], labels: boolean) => ({
  type: 'category' as const,
  gridIndex: grid,
  data: days,
  boundaryGap: true,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: tokens.line } },
  axisLabel: { show: labels, color: tokens.textFaint, fontSize: 11, hideOverlap: true, formatter: shortDay },
  axisPointer: { label: { show: false } },
})

const values = (tokens: Tokens, grid: number, splits: number) => ({
  type: 'value' as const,
  gridIndex: grid,
  splitNumber: splits,
  min: 0,
  axisLabel: { color: tokens.textFaint, fontSize: 11 },
  splitLine: { lineStyle: { color: tokens.lineSoft } },
})

const promotionAreas = (curve: Curve, tokens: Tokens) => ({
  silent: true,
  itemStyle: { color: tokens.warning, opacity: 0.08 },
  label: { color: tokens.warning, fontSize: 11, position: 'insideTop' as const },
  data: stretches(curve.promotions, curve.days).map((event) => [{ name: event.name, xAxis: event.from }, { xAxis: event.to }]),
})

const stockoutMarks = (curve: Curve) => curve.stockouts.filter((day) => curve.days.includes(day)).map((day) => [day, 0])

export const curveOption = (curve: Curve, tokens: Tokens, t: T): EChartsCoreOption => ({
  textStyle: { fontFamily: FONT },
  grid: [{ left: 8, right: 12, top: 36, height: '50%', containLabel: true }, { left: 8, right: 12, bottom: 4, height: '27%', containLabel: true }],
  legend: { left: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: tokens.textSoft, fontSize: 12 }, data: [t('库存'), t('预警线'), t('销量'), t('断货')] },
  tooltip: {
    trigger: 'axis',
    backgroundColor: tokens.raised,
    borderColor: tokens.line,
    textStyle: { color: tokens.text, fontSize: 12 },
    valueFormatter: (value: unknown) => (typeof value === 'number' ? sayNumber(value) : Array.isArray(value) ? '' : '—'),
    axisPointer: { lineStyle: { color: tokens.line } },
  },
  axisPointer: { link: [{ xAxisIndex: 'all' }] },
  xAxis: [axis(tokens, 0, curve.days, false), axis(tokens, 1, curve.days, true)],
  yAxis: [values(tokens, 0, 3), values(tokens, 1, 2)],
  series: [
    { name: t('库存'), type: 'line', data: curve.stock, step: 'middle', symbol: 'none', lineStyle: { color: tokens.stock, width: 2 }, itemStyle: { color: tokens.stock }, areaStyle: { color: tokens.stock, opacity: 0.05 }, markArea: promotionAreas(curve, tokens) },
    { name: t('预警线'), type: 'line', data: curve.threshold, symbol: 'none', connectNulls: false, lineStyle: { color: tokens.critical, width: 1.5, type: 'dashed' }, itemStyle: { color: tokens.critical } },
    { name: t('断货'), type: 'scatter', data: stockoutMarks(curve), symbol: 'triangle', symbolSize: 8, itemStyle: { color: tokens.critical }, z: 5 },
    { name: t('销量'), type: 'bar', xAxisIndex: 1, yAxisIndex: 1, data: curve.sales, barCategoryGap: '25%', itemStyle: { color: tokens.sales, borderRadius: [2, 2, 0, 0] } },
  ],
})

export const CurveChart = ({ curve }: { curve: Curve }) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  const phone = usePhone()
  const option = useMemo(() => curveOption(curve, tokens, t), [curve, tokens, t])
  const last = curve.days.length - 1
  const label = t('近 {{days}} 天的库存与销量曲线，最后一天库存 {{stock}}，预警线 {{threshold}}', { days: curve.days.length, stock: sayNumber(curve.stock[last]), threshold: sayNumber(curve.threshold[last]) })
  return <Chart option={option} height={phone ? 280 : 340} label={label} />
}
