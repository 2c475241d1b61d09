/** Try the route: who would get what, when and why, and who would not; for now or another moment. Nothing is sent. */
import { ExperimentOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, DatePicker, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Episode, Page } from '../../api/types'
import { errorText } from '../../app/query'
import { Moment } from '../../components/moment'
import { LevelTag, levelName } from '../../components/status'
import { useChannelName } from '../../components/use-channels'
import { pick } from '../../i18n'
import { type Route, toSave } from './model'

interface Line {
  route: string
  person: string
  name: string
  channel: string
  address: string
  due: string | null
  reason: string
  reason_en: string
}

export interface TrialAnswer {
  at: string
  routes: { path: string }[]
  told: Line[]
  not_told: { person: string; name: string; route: string; reason: string; reason_en: string }[]
  escalation: { route: string; after: string; at: string; people: string[] }[]
  silenced: { reason: string; by: string; until: string } | null
}

const useNewest = () => useQuery({ queryKey: ['alerts', 'newest'], queryFn: () => api.get<Page<Episode>>('/alerts', { state: 'firing', limit: 30 }) })

const Answer = ({ answer }: { answer: TrialAnswer }) => {
  const { t } = useTranslation()
  const channel = useChannelName()
  return (
    <div className="trial-answer" aria-live="polite">
      {answer.silenced ? <Alert type="warning" showIcon title={t('被 {{by}} 静默，到期前谁也不通知', { by: answer.silenced.by })} description={answer.silenced.reason} /> : null}
      {answer.routes.length === 0 ? <Alert type="warning" showIcon title={t('这条预警不走这个路由')} /> : null}
      <ul className="told">
        {answer.told.map((line, index) => (
          <li key={index}>
            <span className="row between"><strong>{line.name || t('整个群')}</strong><span>{channel(line.channel)}</span></span>
            <small className="soft">{line.reason ? <>{pick(line, 'reason')} → <Moment at={line.due} /></> : t('马上')}{line.address ? ` · ${line.address}` : ''}</small>
          </li>
        ))}
        {answer.not_told.map((line, index) => (
          <li key={`not-${index}`} className="not-told">
            <strong>{line.name}</strong>
            <small>{t('不通知：')}{pick(line, 'reason')}</small>
          </li>
        ))}
        {answer.escalation.map((step, index) => (
          <li key={`later-${index}`} className="later">
            <strong>{step.people.join('、') || t('没有人')}</strong>
            <small className="soft">{t('到')} <Moment at={step.at} /> {t('还没人跟进时升级')}</small>
          </li>
        ))}
      </ul>
    </div>
  )
}

export const Trial = ({ route, onAnswer }: { route: Route; onAnswer: (answer: TrialAnswer) => void }) => {
  const { t } = useTranslation()
  const newest = useNewest()
  const [alert, setAlert] = useState<string | number>('made-up')
  const [moment, setMoment] = useState<Dayjs | null>(null)
  const items = newest.data?.items ?? []
  const trial = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      api.post<TrialAnswer>('/route-trials', {
        definition: toSave(route),
        ...(alert === 'made-up' ? { data: { level: 'critical', rule: '' } } : { alert: Number(alert) }),
        ...(moment ? { at: moment.toISOString() } : {}),
      }),
    onSuccess: onAnswer,
  })
  const options = [
    { value: 'made-up', label: t('一条紧急预警（不指定商品）') },
    ...items.map((item) => ({ value: item.id, label: `${t(levelName(item.level))} · ${Object.values(item.labels).join(' · ')}` })),
  ]
  const chosen = items.find((item) => item.id === alert)
  return (
    <section className="card pad">
      <h2 className="card-title-inline"><ExperimentOutlined aria-hidden="true" /> {t('试走这个路由')}</h2>
      <p className="soft">{t('说明谁会在何时、通过哪个渠道收到，谁不会、为什么。不会真的发送。')}</p>
      <div className="rows">
        <Select aria-label={t('用哪条预警')} showSearch optionFilterProp="label" value={alert} onChange={setAlert} options={options} />
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" value={moment} onChange={(value) => setMoment(value as Dayjs | null)} placeholder={t('现在（也可选过去的时刻）')} />
        <Button type="primary" loading={trial.isPending} onClick={() => trial.mutate()}>{t('试走')}</Button>
      </div>
      {chosen ? <p className="soft"><LevelTag level={chosen.level} /> {chosen.rule.name}</p> : null}
      {trial.isError ? <Alert type="error" showIcon title={errorText(trial.error)} /> : null}
      {trial.data ? <Answer answer={trial.data} /> : null}
    </section>
  )
}
