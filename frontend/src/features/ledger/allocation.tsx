/** Channel stock: choose a SKU, see how the one pool is shared, and open the rules. */
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client'
import type { Page, RecordItem } from '../../api/types'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { sayNumber } from '../../lib/numbers'
import { ChannelView } from './channels'
import './ledger.css'

const Rules = () => {
  const { t } = useTranslation()
  const rules = useQuery({ queryKey: ['allocation-rules'], queryFn: () => api.get<Page<RecordItem>>('/forms/channel_allocation/records', { limit: 200, sort: 'priority' }) })
  const items = rules.data?.items ?? []
  if (items.length === 0) return <p className="card-body faint">{t('还没有规则：所有渠道共享全部可用库存。')}</p>
  return (
    <div className="scroll-x"><table className="rule-table num"><thead><tr><th>{t('渠道')}</th><th>{t('范围')}</th><th>{t('优先级')}</th><th>{t('份额上限')}</th><th>{t('保底')}</th><th>{t('缓冲')}</th></tr></thead><tbody>
      {items.map((item) => <tr key={item.id} className={item.values.active === false ? 'faint' : ''}><th scope="row">{String(item.values.channel)}</th><td>{[item.labels?.sku ?? item.values.sku, item.labels?.warehouse ?? item.values.warehouse].filter(Boolean).map(String).join(' · ') || t('全部商品和仓库')}</td><td>{sayNumber(item.values.priority as number | null)}</td><td><span className="share-cell"><i style={{ width: `${Number(item.values.share ?? 1) * 100}%` }} /></span>{sayNumber(Number(item.values.share ?? 1) * 100, 0)}%</td><td>{sayNumber(item.values.guarantee as number | null)}</td><td>{sayNumber(item.values.buffer as number | null)}</td></tr>)}
    </tbody></table></div>
  )
}

const AllocationPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const [word, setWord] = useState('')
  const q = useDeferredValue(word)
  const sku = search.get('sku') ?? ''
  const found = useQuery({ queryKey: ['sku-search', q], queryFn: () => api.get<Page<RecordItem>>('/forms/sku/records', { q, limit: 20 }), placeholderData: (previous) => previous })
  const first = String(found.data?.items[0]?.values.code ?? '')
  const shown = sku || first
  return (
    <div className="page">
      <PageHeader title={t('渠道库存')} text={t('一池库存多个渠道卖：按份额、优先级、保底和安全缓冲分，任何渠道都不会超卖')} actions={<Button onClick={() => void navigate('/records/channel_allocation')}>{t('修改规则')}</Button>} />
      <div className="stack">
        <section className="card"><div className="card-head"><h2>{t('分配规则')}</h2></div><Rules /></section>
        <section className="card">
          <div className="toolbar"><Select showSearch={{ filterOption: false, onSearch: setWord }} aria-label={t('选择商品')} placeholder={t('选择商品')} value={shown || undefined} onChange={(value) => setSearch({ sku: value }, { replace: true })} options={(found.data?.items ?? []).map((item) => ({ value: String(item.values.code), label: `${String(item.values.code)} ${String(item.values.name ?? '')}` }))} style={{ width: 320, maxWidth: '100%' }} /></div>
          <div className="card-body">{shown ? <ChannelView sku={shown} /> : <Empty title={t('还没有商品')} />}</div>
        </section>
      </div>
    </div>
  )
}

export default AllocationPage
