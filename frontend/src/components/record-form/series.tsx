/** The sales of this SKU in the last days, as a small curve beside its fields. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Curve, FormField } from '../../api/types'
import { linkTarget } from '../../lib/fields'
import type { LiveForm } from '../../lib/form/live'
import { CurveValue } from '../widgets/curve'
import { useLive } from './use-live'

/** Which SKU a record speaks of: its own code, or that of its first link to a SKU. */
const skuOf = (live: LiveForm): string => {
  const key = live.form.key === 'sku' ? 'code' : live.form.fields.find((field) => linkTarget(field) === 'sku')?.key
  const code = key ? live.values[key] : null
  return typeof code === 'string' ? code : ''
}

export const SeriesValue = ({ live, field }: { live: LiveForm; field: FormField }) => {
  const { t } = useTranslation()
  const sku = useLive(live, skuOf)
  const sold = field.series === 'sales.quantity' && (live.existing !== null || live.form.key !== 'sku')
  const curve = useQuery({ queryKey: ['curve', sku, field.days], queryFn: () => api.get<Curve>('/stock/curve', { sku, days: field.days ?? 30 }), enabled: sold && sku !== '', retry: false, staleTime: 300_000 })
  if (!sold || sku === '' || curve.isError) return <span className="faint">{t('有销量后显示曲线')}</span>
  return curve.data ? <CurveValue field={field} value={curve.data.sales.map((one) => one ?? 0)} /> : <span className="bone field-bone" />
}
