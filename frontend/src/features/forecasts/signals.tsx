/** Signals from outside: which are kept, whether a backtest let them in, what one more unit does; and how to bring one. */
import { UploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { can, errorText, useMe } from '../../app/query'
import { Status } from '../../components/status'
import { sayNumber } from '../../lib/numbers'
import { sayShare } from './accuracy-data'
import { type Signal, useWrite } from './data'

interface Kept {
  name: string
  rows: number
  from: string
  to: string
  known_ahead: boolean
}

const WHY: Record<string, string> = { helps: '回测更准，已进入预测', no_gain: '回测没有更准，没有采用', too_short: '天数太少，还不能判断', unknown_ahead: '回测有用，但将来的值不知道' }

/** The rows of a CSV file with a header: date, value and any of sku, category, warehouse, region, channel. */
export const readRows = (text: string): Record<string, string>[] => {
  const [head = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line.trim() !== '')
  const names = head.split(',').map((name) => name.trim().toLowerCase())
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? `column_${index}`, cell.trim()]).filter(([, cell]) => cell !== '')))
}

const plain = (file: string): string => file.replace(/\.[^.]*$/, '').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '') || 'signal'

export const Signals = ({ found }: { found: Signal[] }) => {
  const { t } = useTranslation()
  const me = useMe()
  const [problem, setProblem] = useState('')
  const kept = useQuery({ queryKey: ['forecast', 'signals'], queryFn: () => api.get<{ items: Kept[] }>('/forecast-signals') })
  const write = useWrite((body: { name: string; rows: Record<string, string>[] }) => api.post<Kept>('/forecast-signals', body))
  const remove = useWrite((name: string) => api.delete<void>(`/forecast-signals/${name}`))
  const take = async (file: File): Promise<void> => {
    setProblem('')
    try {
      await write.mutateAsync({ name: plain(file.name), rows: readRows(await file.text()) })
    } catch (error) {
      setProblem(errorText(error))
    }
  }
  const judged = new Map(found.map((one) => [one.name, one]))
  const editable = can(me.user.roles, 'operator', 'designer')
  return (
    <section className="card">
      <div className="card-head">
        <div><h2>{t('外部信号')}</h2><p className="faint">{t('流量、广告、竞品价、天气……只有回测证明有用才进入预测')}</p></div>
        {editable ? <Upload accept=".csv" showUploadList={false} beforeUpload={(file) => { void take(file); return false }}><Button icon={<UploadOutlined />} loading={write.isPending}>{t('上传 CSV')}</Button></Upload> : null}
      </div>
      <div className="card-body">
        {problem ? <p className="critical-text" role="alert">{problem}</p> : null}
        {kept.data?.items.length === 0 ? <p className="soft">{t('还没有信号。CSV 第一行写 date,value，可加 sku、category、warehouse、region、channel；文件名就是信号名。')}</p> : null}
        <ul className="effect-list">
          {(kept.data?.items ?? []).map((one) => {
            const said = judged.get(one.name)
            return (
              <li key={one.name} className="row between wrap">
                <span><strong>{one.name}</strong> <span className="faint num">{one.from} ~ {one.to} · {t('{{n}} 行', { n: sayNumber(one.rows) })}</span></span>
                <span className="row wrap">
                  {said ? <Status tone={said.accepted ? 'good' : 'unknown'} plain>{t(WHY[said.reason] ?? said.reason)}</Status> : <span className="faint">{t('下次预测时回测')}</span>}
                  {said && said.wape_without !== null ? <span className="num faint">{t('误差 {{without}} → {{with}}，每多 1 影响 {{effect}}', { without: sayShare(said.wape_without), with: sayShare(said.wape_with), effect: sayShare(said.per_unit, true) })}</span> : null}
                  {editable ? <Button type="text" size="small" onClick={() => remove.mutate(one.name)}>{t('删除')}</Button> : null}
                </span>
              </li>
            )
          })}
        </ul>
      </div>
    </section>
  )
}
