/** The three views of forecasting: the curves, how good they were, what changed. */
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

const VIEWS = [['/forecasts', '曲线'], ['/forecasts/accuracy', '准不准'], ['/forecasts/runs', '变了什么']] as const

export const Tabs = ({ at }: { at: (typeof VIEWS)[number][0] }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return <Segmented aria-label={t('预测的视图')} value={at} onChange={(to) => void navigate(to)} options={VIEWS.map(([value, label]) => ({ value, label: t(label) }))} />
}
