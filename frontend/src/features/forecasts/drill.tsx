/** Where we are in the shop, and the parts of it: category → SKU → warehouse or channel. */
import { SearchOutlined } from '@ant-design/icons'
import { Input, Segmented } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CardSkeleton, Empty } from '../../components/states'
import { sayNumber } from '../../lib/numbers'
import { type Level, LEVELS, useParts, type Where } from './data'

const NAMES: Record<Level, string> = { category: '类目', sku: '商品', warehouse: '仓库', region: '地区', channel: '渠道' }

/** What a group can still be split by: what it does not name yet; a SKU has no categories, a warehouse no regions. */
export const splits = (where: Where): Level[] => LEVELS.filter((level) => !where[level] && !(level === 'category' && where.sku) && !(level === 'region' && (where.warehouse || where.sku)))

interface Props {
  where: Where
  label: string
  go: (where: Where) => void
}

const change = (last: number, next: number): string => (last > 0 ? `${next >= last ? '+' : ''}${sayNumber((100 * (next - last)) / last, 0)}%` : '')

export const Drill = ({ where, label, go }: Props) => {
  const { t } = useTranslation()
  const options = splits(where)
  const [chosen, setChosen] = useState<Level>('category')
  const [word, setWord] = useState('')
  const q = useDeferredValue(word.trim())
  const level = options.includes(chosen) ? chosen : (options[0] ?? 'channel')
  const parts = useParts(level, where, q)
  const most = Math.max(...(parts.data?.items ?? []).map((part) => part.next), 1e-9)
  const named = LEVELS.filter((one) => where[one])
  const names = label.split(' · ')
  return (
    <aside className="card drill">
      <div className="card-body">
        <nav className="drill-path" aria-label={t('所在位置')}>
          {named.length > 0 ? <button type="button" className="text-button" onClick={() => go({})}>{t('全部商品')}</button> : <strong>{t('全部商品')}</strong>}
          {named.map((one, index) => (
            <span key={one}>
              <span className="faint" aria-hidden="true">/</span> {index < named.length - 1 ? <button type="button" className="text-button" onClick={() => go(Object.fromEntries(named.slice(0, index + 1).map((kept) => [kept, where[kept]])))}>{names[index]}</button> : <strong>{names[index] ?? where[one]}</strong>}
            </span>
          ))}
        </nav>
        <div className="drill-tools">
          <Segmented size="small" value={level} onChange={setChosen} options={options.map((one) => ({ value: one, label: t(NAMES[one]) }))} />
          {level === 'sku' ? <Input allowClear aria-label={t('搜索商品')} placeholder={t('搜索商品编码或名称')} prefix={<SearchOutlined />} value={word} onChange={(event) => setWord(event.target.value)} /> : null}
        </div>
        {parts.isPending ? <CardSkeleton lines={8} /> : null}
        {parts.data && parts.data.items.length === 0 ? <Empty title={t('没有下一层')} text={q ? t('换一个词试试。') : t('预测没有按它分开。')} /> : null}
        <ul className="drill-list">
          {(parts.data?.items ?? []).map((part) => (
            <li key={part.code}>
              <button type="button" onClick={() => go({ ...where, [level]: part.code })}>
                <span className="drill-bar" style={{ width: `${(100 * part.next) / most}%` }} aria-hidden="true" />
                <span className="ellipsis grow">{part.name || t('未分类')}{part.name === part.code ? null : <span className="faint"> {part.code}</span>}</span>
                <span className="num">{sayNumber(part.next, part.next >= 20 ? 0 : 1)}</span>
                <span className="num faint drill-change">{change(part.last, part.next)}</span>
              </button>
            </li>
          ))}
        </ul>
        {parts.data && parts.data.items.length > 0 ? <p className="faint drill-foot">{t('未来 28 天的件数，与过去 28 天比')}{parts.data.total > parts.data.items.length ? ` · ${t('共 {{n}} 个，先看最大的 {{m}} 个', { n: sayNumber(parts.data.total), m: parts.data.items.length })}` : ''}</p> : null}
      </div>
    </aside>
  )
}
