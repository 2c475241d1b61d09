/** The curve with a handle on it: point at a coming day, drag its dot up or down (or use the arrow keys) to say something else. */
import type { EChartsType } from 'echarts/core'
import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTokens } from '../../app/theme'
import { Chart } from '../../components/chart'
import { sayNumber } from '../../lib/numbers'
import { curveOption, type Step } from './curve'
import type { Series } from './data'

interface Props {
  series: Series
  steps: readonly Step[]
  height: number
  editable: boolean
  onSay: (day: string, value: number) => void
}

interface Handle {
  place: number
  value: number
}

/** A round step for arrow keys: a twentieth of the value, one, two or five of a power of ten. */
export const keyStep = (value: number): number => {
  const rough = Math.max(Math.abs(value) / 20, 0.1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const head = rough / power
  return (head >= 5 ? 5 : head >= 2 ? 2 : 1) * power
}

const at = (chart: EChartsType, series: Series, handle: Handle): [number, number] | null => {
  const pixel: unknown = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [series.forecast.days[handle.place] ?? '', handle.value])
  return Array.isArray(pixel) && pixel.length === 2 && pixel.every(Number.isFinite) ? [Number(pixel[0]), Number(pixel[1])] : null
}

export const ForecastChart = ({ series, steps, height, editable, onSay }: Props) => {
  const { t } = useTranslation()
  const tokens = useTokens()
  // In a box of its own, so that a chart that was drawn again (resized) places the handle anew.
  const [drawn, setDrawn] = useState<{ chart: EChartsType } | null>(null)
  const [handle, setHandle] = useState<Handle>({ place: 0, value: series.forecast.mean[0] ?? 0 })
  const [dragging, setDragging] = useState(false)
  const option = useMemo(() => curveOption(series, steps, tokens, t), [series, steps, tokens, t])
  const ready = useCallback((chart: EChartsType | null) => setDrawn(chart ? { chart } : null), [])
  const value = dragging ? handle.value : (series.forecast.mean[handle.place] ?? 0)
  const pixel = drawn ? at(drawn.chart, series, { ...handle, value }) : null
  const start = (event: PointerEvent<HTMLButtonElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    setHandle({ ...handle, value })
    setDragging(true)
  }
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (!drawn || !editable) return
    const box = event.currentTarget.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    const [place, units] = drawn.chart.convertFromPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [x, y]) as [number, number]
    if (dragging) setHandle((now) => ({ ...now, value: Math.max(0, Math.round(units * 100) / 100) }))
    else {
      const first = [...series.days, ...series.forecast.days].indexOf(series.forecast.days[0] ?? '')
      const coming = Math.round(place) - first
      if (coming >= 0 && coming < series.forecast.days.length && coming !== handle.place) setHandle({ place: coming, value: series.forecast.mean[coming] ?? 0 })
    }
  }
  const end = (): void => {
    if (!dragging) return
    setDragging(false)
    if (Math.abs(handle.value - (series.forecast.mean[handle.place] ?? 0)) > 0.005) onSay(series.forecast.days[handle.place] ?? '', handle.value)
  }
  const key = (event: KeyboardEvent<HTMLButtonElement>): void => {
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const upward = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (sideways) {
      event.preventDefault()
      const place = Math.min(Math.max(handle.place + sideways, 0), series.forecast.days.length - 1)
      setHandle({ place, value: series.forecast.mean[place] ?? 0 })
    } else if (upward) {
      event.preventDefault()
      onSay(series.forecast.days[handle.place] ?? '', Math.max(0, Math.round((value + upward * keyStep(value)) * 100) / 100))
    }
  }
  const day = series.forecast.days[handle.place] ?? ''
  const total = series.forecast.mean.slice(0, 28).reduce((sum, one) => sum + one, 0)
  return (
    <div className="forecast-chart" onPointerMove={move} onPointerUp={end} onPointerCancel={() => setDragging(false)}>
      <Chart option={option} height={height} onReady={ready} label={t('{{label}}的销量与预测，未来 28 天约 {{n}} 件', { label: series.label || t('全部商品'), n: sayNumber(total, 0) })} />
      {editable && pixel ? (
        <button
          type="button"
          className={`forecast-handle ${dragging ? 'dragging' : ''}`}
          style={{ left: pixel[0], top: pixel[1] }}
          role="slider"
          aria-label={t('{{day}} 的预测，上下拖动来修改', { day })}
          aria-valuenow={value}
          aria-valuemin={0}
          aria-orientation="vertical"
          onPointerDown={start}
          onKeyDown={key}
        >
          <span className="forecast-handle-value num">{day.slice(5)} · {sayNumber(value)}</span>
        </button>
      ) : null}
    </div>
  )
}
