/** The forecast's curve as ECharts draws it: history, band, mean, promotions, days without stock, people's changes. */
import type { EChartsCoreOption } from 'echarts/core'
import { FONT, type Tokens } from '../../app/tokens'
import { sayNumber } from '../../lib/numbers'
import { stretches } from '../../lib/promotions'
import type { Series } from './data'

type T = (text: string) => string
export type Step = 'naive' | 'base' | 'model' | 'promotion'
export const STEP_NAMES: Record<string, string> = { naive: '照搬上周', base: '基线', model: '模型', promotion: '含大促', person: '含人工' }

const shortDay = (day: string): string => `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}`

/** Values by day of the whole axis, null where a series has none. */
export const along = (axis: readonly string[], days: readonly string[], values: readonly number[]): (number | null)[] => {
  const known = new Map(days.map((day, index) => [day, values[index] ?? null]))
  return axis.map((day) => known.get(day) ?? null)
}

const line = (name: string, data: (number | null)[], color: string, more: object = {}) => ({ name, type: 'line', data, symbol: 'none', lineStyle: { color, width: 2 }, itemStyle: { color }, ...more })

const band = (series: Series, axis: string[], tokens: Tokens, name: string) => {
  const low = along(axis, series.forecast.days, series.forecast.low)
  const span = along(axis, series.forecast.days, series.forecast.high.map((high, index) => high - (series.forecast.low[index] ?? 0)))
  const none = { symbol: 'none', lineStyle: { opacity: 0 }, stack: 'band', silent: true }
  return [
    { ...none, name: 'low', type: 'line', data: low, tooltip: { show: false } },
    { ...none, name, type: 'line', data: span, itemStyle: { color: tokens.forecast, opacity: 0.3 }, areaStyle: { color: tokens.forecast, opacity: 0.16 } },
  ]
}

const stepColor = (step: Step, tokens: Tokens): string => ({ naive: tokens.textFaint, base: tokens.good, model: tokens.brand, promotion: tokens.warning })[step]

const moved = (series: Series, axis: string[]) =>
  series.overrides.flatMap((one) => {
    const first = series.forecast.days[0] ?? ''
    if (one.to < first) return []
    const day = one.from < first ? first : one.from
    const place = day ? series.forecast.days.indexOf(day) : -1
    return day && place >= 0 && axis.includes(day) ? [{ coord: [day, series.forecast.mean[place]], name: one.reason }] : []
  })

const tip = (series: Series, t: T) => (params: unknown): string => {
  const list = params as { axisValue: string; seriesName: string; value: number | null; marker: string }[]
  const day = list[0]?.axisValue ?? ''
  const place = series.forecast.days.indexOf(day)
  const rows = list.filter((one) => one.value !== null && one.value !== undefined && one.seriesName !== 'low' && one.seriesName !== t('八成把握的范围'))
  const range = place >= 0 ? `<br/>${t('八成把握的范围')} ${sayNumber(series.forecast.low[place])} – ${sayNumber(series.forecast.high[place])}` : ''
  const event = series.promotions.filter((one) => one.from <= day && day <= one.to).map((one) => `<br/>${one.name.replace(/</g, '&lt;')}`).join('')
  return `${day}<br/>${rows.map((one) => `${one.marker}${one.seriesName} <b>${sayNumber(one.value)}</b>`).join('<br/>')}${range}${event}`
}

export const curveOption = (series: Series, steps: readonly Step[], tokens: Tokens, t: T): EChartsCoreOption => {
  const axis = [...series.days, ...series.forecast.days.filter((day) => !series.days.includes(day))]
  const today = series.forecast.days[0]
  const exceptional = series.days.flatMap((day, index) => ((series.exceptional[index] ?? 0) > 0 ? [[day, (series.actual[index] ?? 0) + (series.exceptional[index] ?? 0)]] : []))
  return {
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
    legend: { left: 0, top: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: tokens.textSoft, fontSize: 12 }, data: [t('实际'), t('当时的预测'), t('预测'), t('八成把握的范围'), t('异常大单'), t('断货'), ...steps.map((step) => t(STEP_NAMES[step] ?? step))] },
    tooltip: { trigger: 'axis', backgroundColor: tokens.raised, borderColor: tokens.line, textStyle: { color: tokens.text, fontSize: 12 }, formatter: tip(series, t), axisPointer: { lineStyle: { color: tokens.line } } },
    dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false, moveOnMouseWheel: false, startValue: Math.max(0, series.days.length - 90), endValue: axis.length - 1 }],
    xAxis: { type: 'category', data: axis, boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: tokens.line } }, axisLabel: { color: tokens.textFaint, fontSize: 11, hideOverlap: true, formatter: shortDay } },
    yAxis: { type: 'value', min: 0, splitNumber: 4, axisLabel: { color: tokens.textFaint, fontSize: 11 }, splitLine: { lineStyle: { color: tokens.lineSoft } } },
    series: [
      line(t('实际'), along(axis, series.days, series.actual), tokens.stock, {
        lineStyle: { color: tokens.stock, width: 1.5 },
        markArea: { silent: true, itemStyle: { color: tokens.warning, opacity: 0.08 }, label: { color: tokens.warning, fontSize: 11, position: 'insideTop' }, data: stretches(series.promotions, axis).map((event) => [{ name: event.name, xAxis: event.from }, { xAxis: event.to }]) },
        markLine: { silent: true, symbol: 'none', lineStyle: { color: tokens.textFaint, type: 'dotted' }, label: { formatter: t('今天'), color: tokens.textFaint, fontSize: 11 }, data: today ? [{ xAxis: today }] : [] },
      }),
      line(t('当时的预测'), along(axis, series.earlier.days, series.earlier.mean), tokens.forecast, { lineStyle: { color: tokens.forecast, width: 1.5, type: 'dashed', opacity: 0.75 } }),
      ...band(series, axis, tokens, t('八成把握的范围')),
      ...steps.map((step) => line(t(STEP_NAMES[step] ?? step), along(axis, series.forecast.days, series.forecast[step]), stepColor(step, tokens), { lineStyle: { color: stepColor(step, tokens), width: 1, type: 'dashed' } })),
      line(t('预测'), along(axis, series.forecast.days, series.forecast.mean), tokens.forecast, {
        z: 4,
        markPoint: { symbol: 'pin', symbolSize: 30, itemStyle: { color: tokens.warning }, label: { formatter: t('改'), color: '#fff', fontSize: 11 }, data: moved(series, axis) },
      }),
      { name: t('异常大单'), type: 'scatter', data: exceptional, symbolSize: 7, itemStyle: { color: tokens.warning } },
      { name: t('断货'), type: 'scatter', data: series.stockouts.filter((day) => axis.includes(day)).map((day) => [day, 0]), symbol: 'triangle', symbolSize: 8, itemStyle: { color: tokens.critical }, z: 5 },
    ],
  }
}
