/** What people said about this group instead of the forecast, and how to take it back. */
import { EditOutlined } from '@ant-design/icons'
import { Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { Person } from '../../components/person'
import { sayNumber } from '../../lib/numbers'
import { type Override, type Series, useWrite } from './data'

const place = (one: Override, all: string): string => Object.values(one.where).filter(Boolean).join(' · ') || all

export const Overrides = ({ series, editable }: { series: Series; editable: boolean }) => {
  const { t } = useTranslation()
  const withdraw = useWrite((id: number) => api.post<Override>(`/forecast-overrides/${id}/withdraw`))
  const coming = series.overrides.filter((one) => one.to >= series.run.day)
  if (coming.length === 0) return null
  return (
    <section className="card">
      <div className="card-head"><h2>{t('人的修改')}</h2><span className="faint num">{coming.length}</span></div>
      <ul className="card-body override-list">
        {coming.map((one) => (
          <li key={one.id} className="row between top wrap">
            <span className="grow">
              <EditOutlined aria-hidden="true" /> <strong>{place(one, t('全部商品'))}</strong> <span className="num">{one.from === one.to ? one.from : `${one.from} ~ ${one.to}`}</span>
              <span className="block soft">{one.reason}</span>
            </span>
            <span className="num">{one.relative ? `× ${sayNumber(one.value)}` : t('{{before}} → {{value}} 件', { before: sayNumber(one.before), value: sayNumber(one.value) })}</span>
            <Person of={one.author} />
            {editable ? <Popconfirm title={t('撤回这条修改？')} okText={t('撤回')} cancelText={t('留着')} onConfirm={() => withdraw.mutate(one.id)}><Button size="small" type="text">{t('撤回')}</Button></Popconfirm> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
