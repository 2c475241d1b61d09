/** Run the forecast, follow it, end it early. */
import { PlayCircleOutlined, StopOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown, Progress } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { can, useMe } from '../../app/query'
import { pick } from '../../i18n'
import { busy, type Run, useRuns, useWrite } from './data'

// Rough shares of the time that the steps take: a bar that moves evenly says more than one that jumps.
const ORDER = ['读取销量', '整理需求', '训练与回测模型', '计算总量与分位数', '摊到每天', '新品与退市', '外部信号', '人的修改', '保存并对比']

export const percentOf = (run: Run): number => {
  const place = ORDER.indexOf(run.step)
  if (run.status === 'queued' || place < 0) return 0
  const part = run.progress.total > 0 ? run.progress.done / run.progress.total : 0
  return Math.round((100 * (place + part)) / ORDER.length)
}

export const RunBar = () => {
  const { t } = useTranslation()
  const me = useMe()
  const client = useQueryClient()
  const runs = useRuns()
  const active = runs.data?.items.find(busy)
  const was = useRef<number | undefined>(undefined)
  useEffect(() => {
    // What was being made is there now: everything drawn from the forecast is asked for again.
    if (was.current !== undefined && active?.id !== was.current) void client.invalidateQueries({ queryKey: ['forecast'] })
    was.current = active?.id
  }, [active?.id, client])
  const start = useWrite((challenge: boolean | undefined) => api.post<Run>('/forecast-runs', challenge ? { challenge } : {}))
  const cancel = useWrite((id: number) => api.post<Run>(`/forecast-runs/${id}/cancel`))
  if (active)
    return (
      <div className="run-bar" role="status" aria-live="polite">
        <span className="run-bar-words">{active.cancelling ? t('正在取消…') : active.status === 'queued' ? t('排队中…') : `${pick(active, 'step')}…`}</span>
        <Progress percent={percentOf(active)} size="small" status="active" aria-label={t('预测进度')} />
        <Button size="small" icon={<StopOutlined />} disabled={active.cancelling} loading={cancel.isPending} onClick={() => cancel.mutate(active.id)}>{t('取消')}</Button>
      </div>
    )
  if (!can(me.user.roles, 'operator', 'designer')) return null
  return (
    <Dropdown.Button
      type="primary"
      loading={start.isPending}
      onClick={() => start.mutate(undefined)}
      menu={{ items: [{ key: 'duel', label: t('让模型和基线比一次（较慢）') }], onClick: () => start.mutate(true) }}
    >
      <PlayCircleOutlined /> {t('重新预测')}
    </Dropdown.Button>
  )
}
