/** One SKU in one warehouse: its curve, and for each rule why it fires or does not. */
import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { Curve, Json, Page, RecordItem, RuleItem } from '../../api/types'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { LevelTag, Status } from '../../components/status'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { sayValue } from '../../lib/values'
import { text } from '../tasks/words'

const CurveChart = lazy(() => import('../../components/curve-chart').then((module) => ({ default: module.CurveChart })))

interface Condition {
  level?: string
  source: string
  label?: string
  value: Json
  holds: boolean | null
  reason?: string | null
  reason_en?: string | null
  sentence?: string
  sentence_en?: string
}

interface WhyNot {
  fires: boolean
  level: string | null
  conditions: Condition[]
  sentence: string
  sentence_en: string
}

const Verdict = ({ rule, keys }: { rule: RuleItem; keys: { sku: string; warehouse: string } }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const why = useQuery({ queryKey: ['explain', rule.key, keys], queryFn: () => api.get<WhyNot>(`/rules/${rule.key}/explain`, keys), enabled: open, retry: false })
  return (
    <details className="verdict" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{rule.name}</summary>
      {why.isPending && open ? <CardSkeleton lines={2} /> : null}
      {why.isError ? <Failed error={why.error} /> : null}
      {why.data ? (
        <div className="verdict-body">
          <p>{why.data.fires ? <LevelTag level={why.data.level} /> : <Status tone="good">{t('没有触发')}</Status>} <span className="num">{pick(why.data, 'sentence')}</span></p>
          <ul>
            {why.data.conditions.map((condition, index) => (
              <li key={index} className="num soft">{condition.holds === true ? '✓' : condition.holds === false ? '✗' : '?'} {condition.sentence ? pick(condition, 'sentence') : `${condition.label ?? condition.source} = ${sayValue(condition.value)}`} {condition.holds === null ? pick(condition, 'reason') : null}</li>
            ))}
          </ul>
          <Link to={`/rules/${rule.key}`}>{t('打开规则')}</Link>
        </div>
      ) : null}
    </details>
  )
}

export const StockDrawer = ({ record, onClose }: { record: RecordItem; onClose: () => void }) => {
  const { t } = useTranslation()
  const keys = { sku: String(record.values.sku ?? ''), warehouse: String(record.values.warehouse ?? '') }
  const curve = useQuery({ queryKey: ['stock-curve', keys], queryFn: () => api.get<Curve>('/stock/curve', { ...keys, days: 60 }) })
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => api.get<Page<RuleItem>>('/rules') })
  const mine = rules.data?.items.filter((rule) => rule.over === 'stock' && rule.status === 'published') ?? []
  const figures: [string, Json][] = [[t('在库'), record.values.on_hand ?? 0], [t('占用'), record.values.reserved ?? 0], [t('在途'), record.values.in_transit ?? 0], [t('已订未发'), record.values.on_order ?? 0]]
  return (
    <Drawer open size={720} title={`${text(record, 'sku')} · ${text(record, 'warehouse')}`} onClose={onClose} destroyOnHidden>
      <dl className="stock-figures">{figures.map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="num">{sayNumber(Number(value))}</dd></div>)}</dl>
      {curve.isPending ? <CardSkeleton lines={6} /> : null}
      {curve.isError ? <Failed error={curve.error} retry={() => void curve.refetch()} /> : null}
      {curve.data && curve.data.days.length > 0 ? <Suspense fallback={<CardSkeleton lines={6} />}><CurveChart curve={curve.data} /></Suspense> : null}
      {curve.data?.days.length === 0 ? <Empty title={t('没有历史数据')} text={t('导入销量后，这里会画出库存与销量曲线。')} /> : null}
      {mine.length > 0 ? <><h3 className="drawer-title">{t('为什么报警，或为什么没报')}</h3>{mine.map((rule) => <Verdict key={rule.key} rule={rule} keys={keys} />)}</> : null}
    </Drawer>
  )
}
