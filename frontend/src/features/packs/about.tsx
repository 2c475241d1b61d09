/** What a pack is: words, what it brings, its tests, and what it tells on its own sample data. */
import { ExperimentOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { Failed } from '../../components/states'
import { LevelTag } from '../../components/status'
import { pick } from '../../i18n'
import { kindName, KINDS, type PackDetail } from './types'
import { sourceOf } from './uploaded'

interface Told {
  name: string
  name_en: string
  as_of: string
  records: Record<string, number>
  alerts: { rule: string; level: string; record: string; explanation: string; explanation_en: string }[]
  notices: number
  tasks: { sku: string; quantity: number }[]
}

export const Contents = ({ pack }: { pack: PackDetail }) => {
  const { t } = useTranslation()
  return (
    <dl className="pack-contents">
      {KINDS.filter(([kind]) => pack.definitions.some((one) => one.kind === kind)).map(([kind]) => (
        <div key={kind}><dt>{t(kindName(kind))}</dt><dd>{pack.definitions.filter((one) => one.kind === kind).map((one) => pick(one, 'name') || one.key).join('、')}</dd></div>
      ))}
      {Object.keys(pack.requires ?? {}).length > 0 ? <div><dt>{t('需要')}</dt><dd>{Object.entries(pack.requires ?? {}).map(([key, version]) => `${key} ${version}`).join('、')}</dd></div> : null}
      <div><dt>{t('许可')}</dt><dd>{[pack.licence, pack.author].filter(Boolean).join(' · ')}</dd></div>
    </dl>
  )
}

export const TryOut = ({ packKey }: { packKey: string }) => {
  const { t } = useTranslation()
  const run = useMutation({ meta: { quiet: true }, mutationFn: () => api.post<{ items: Told[] }>('/packs/try', { pack: sourceOf(packKey) }) })
  return (
    <section className="card pad">
      <div className="row between"><h2>{t('用样例数据试一试')}</h2><Button icon={<ExperimentOutlined />} loading={run.isPending} onClick={() => run.mutate()}>{run.isSuccess ? t('再试一次') : t('试用')}</Button></div>
      <p className="soft">{t('在一个用完即弃的空间里装上它、放进样例数据、跑一遍规则；你的数据不受影响。')}</p>
      {run.isError ? <Failed error={run.error} retry={() => run.mutate()} /> : null}
      {run.data?.items.map((told) => (
        <div key={told.name} className="pack-told">
          <h3>{pick(told, 'name')} <small className="faint num">{told.as_of}</small></h3>
          {told.alerts.length === 0 ? <p className="soft">{t('没有预警，正该如此')}</p> : null}
          <ul>
            {told.alerts.map((alert, index) => <li key={index}><LevelTag level={alert.level} /> <span className="grow"><b>{alert.rule}</b> {alert.record}<br /><span className="soft num">{pick(alert, 'explanation')}</span></span></li>)}
          </ul>
          {told.notices + told.tasks.length > 0 ? <p className="faint num">{t('会发 {{n}} 条通知，生成 {{m}} 个补货任务', { n: told.notices, m: told.tasks.length })}</p> : null}
        </div>
      ))}
    </section>
  )
}
