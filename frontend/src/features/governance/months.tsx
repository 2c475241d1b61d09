/** The score month by month, as a line. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useTheme } from '../../app/theme'
import { DARK, LIGHT } from '../../app/tokens'
import { Chart } from '../../components/chart'
import type { Governance } from './types'

const Months = ({ history }: { history: Governance['history'] }) => {
  const { t } = useTranslation()
  const dark = useTheme((state) => state.dark)
  const option = useMemo(() => {
    const colours = dark ? DARK : LIGHT
    return {
      grid: { left: 34, right: 12, top: 16, bottom: 26 },
      xAxis: { type: 'category', data: history.map((one) => one.month), axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, axisLabel: { color: colours.textFaint } },
      yAxis: { type: 'value', min: 0, max: 100, splitNumber: 2, splitLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.textFaint } },
      tooltip: { trigger: 'axis' },
      series: [{ type: 'line', data: history.map((one) => one.score), symbolSize: 7, lineStyle: { color: colours.brand, width: 2 }, itemStyle: { color: colours.brand } }],
    }
  }, [history, dark])
  return <Chart option={option} height={132} label={t('每月得分')} />
}

export default Months
