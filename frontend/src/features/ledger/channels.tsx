/** One stock pool over channels, drawn: what each may sell in each warehouse, and why so much. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import { Moment } from '../../components/moment'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import type { ChannelPlace, Channels } from './types'

const Place = ({ place }: { place: ChannelPlace }) => {
  const { t } = useTranslation()
  const most = Math.max(place.on_hand, 1)
  return (
    <section className="card pad channel-place">
      <div className="row between"><h3>{place.name}</h3><span className="num soft">{t('在库 {{on}} · 占用 {{held}} · 可用 {{free}}', { on: sayNumber(place.on_hand), held: sayNumber(place.reserved), free: sayNumber(place.available) })}</span></div>
      <div className="pool" role="img" aria-label={t('在库 {{on}}，占用 {{held}}', { on: place.on_hand, held: place.reserved })}><i className="held" style={{ width: `${(100 * place.reserved) / most}%` }} /><i className="free" style={{ width: `${(100 * Math.max(place.available, 0)) / most}%` }} /></div>
      {place.channels.length === 0 ? <p className="faint">{t('没有渠道规则：所有渠道都能看到全部可用库存。')}</p> : (
        <ul className="channel-rows">
          {place.channels.map((one) => (
            <li key={one.channel}>
              <span className="channel-name">{one.channel}</span>
              <span className="channel-bar"><i className="held" style={{ width: `${(100 * one.reserved) / most}%` }} /><i className="sell" style={{ width: `${(100 * one.sellable) / most}%` }} /></span>
              <strong className="num">{sayNumber(one.sellable)}</strong>
              <small className="faint num">{pick(one, 'reason')}</small>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

export const ChannelView = ({ sku }: { sku: string }) => {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['channels', sku], queryFn: () => api.get<Channels>('/ledger/channels', { sku }), enabled: sku !== '' })
  if (found.isPending) return <CardSkeleton lines={6} />
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  const { places, reservations } = found.data
  if (places.length === 0) return <Empty title={t('这个商品还没有库存')} />
  return (
    <div className="stack">
      <div className="row between wrap"><span className="faint"><i className="swatch held" /> {t('已占用')} <i className="swatch sell" /> {t('可卖')} <i className="swatch free" /> {t('可用库存')}</span><Link to="/records/channel_allocation">{t('修改分配规则')}</Link></div>
      <div className="channel-places">{places.map((place) => <Place key={place.warehouse} place={place} />)}</div>
      {reservations.length > 0 ? (
        <section className="card"><div className="card-head"><h2>{t('未发货的占用')}</h2></div><ul className="cards">{reservations.map((one) => <li key={one.id}><div className="card-row"><span className="row between"><span className="num strong">{one.order_ref || one.key}</span><strong className="num">{t('{{n}} 件', { n: sayNumber(one.left) })}</strong></span><span className="card-meta">{one.channel || t('不分渠道')} · {places.find((place) => place.warehouse === one.warehouse)?.name ?? one.warehouse} · {one.expires_at ? <>{t('到期')} <Moment at={one.expires_at} /></> : t('预售，发货前一直保留')}</span></div></li>)}</ul></section>
      ) : null}
    </div>
  )
}
