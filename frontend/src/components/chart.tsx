/** ECharts on canvas, tree-shaken: line, bar and marks are all we draw. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { DataZoomInsideComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use as register } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useTheme } from '../app/theme'

register([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent, DataZoomInsideComponent, CanvasRenderer])

interface Props {
  option: EChartsCoreOption
  height: number
  label: string
}

export const Chart = ({ option, height, label }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const dark = useTheme((state) => state.dark)
  useEffect(() => {
    if (!box.current) return undefined
    const chart = init(box.current)
    chart.setOption({ animation: false, ...option })
    const watcher = new ResizeObserver(() => chart.resize())
    watcher.observe(box.current)
    return () => {
      watcher.disconnect()
      chart.dispose()
    }
  }, [option, dark])
  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />
}
