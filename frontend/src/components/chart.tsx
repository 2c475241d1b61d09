/** ECharts on canvas, tree-shaken: line, bar and marks are all we draw. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, type EChartsType, init, use as register } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useTheme } from '../app/theme'

register([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent, DataZoomInsideComponent, CanvasRenderer])

interface Props {
  option: EChartsCoreOption
  height: number
  label: string
  /** Told the chart when it is drawn (again), and null when it goes: for handles that lie over it. */
  onReady?: (chart: EChartsType | null) => void
}

export const Chart = ({ option, height, label, onReady }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const dark = useTheme((state) => state.dark)
  useEffect(() => {
    if (!box.current) return undefined
    const chart = init(box.current)
    chart.setOption({ animation: false, ...option })
    const watcher = new ResizeObserver(() => {
      chart.resize()
      onReady?.(chart)
    })
    watcher.observe(box.current)
    onReady?.(chart)
    return () => {
      watcher.disconnect()
      onReady?.(null)
      chart.dispose()
    }
  }, [option, dark, onReady])
  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />
}
