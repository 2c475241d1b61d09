/** My notices: what I subscribe to, when nobody may disturb me, through which channel by severity, and my PIN for links. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { DefinitionItem, Page } from '../../api/types'
import { errorText, queryClient, useMe } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { ProblemList } from '../../components/problems'
import { QuietRows } from '../../components/quiet-rows'
import { Failed, PageSkeleton } from '../../components/states'
import { useChannelOptions } from '../../components/use-channels'
import './notices.css'

interface Preferences {
  quiet?: { from: string; to: string; weekdays?: number[] }[]
  critical_breaks_quiet?: boolean
  only?: { category?: string[]; warehouse?: string[]; sku?: string[] }
  channels?: { critical?: string[]; warning?: string[]; info?: string[] }
  left_channels?: string[]
  left_rules?: string[]
  muted_skus?: string[]
}

const LEVELS: ['critical' | 'warning' | 'info', string][] = [['critical', '严重'], ['warning', '警告'], ['info', '提醒']]

const Pin = () => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [pin, setPin] = useState('')
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.put('/preferences/pin', { pin }),
    onSuccess: () => {
      setPin('')
      void message.success(t('PIN 已设置'))
    },
  })
  const problems = save.error instanceof ApiError ? save.error.problems : []
  return (
    <section className="card pad">
      <h2 className="card-title-inline">{t('链接 PIN')}</h2>
      <p className="soft">{t('有的流程要求：打开通知里的链接后，再输入本人的 PIN 才能同意。')}</p>
      <div className="row wrap">
        <Input.Password aria-label="PIN" inputMode="numeric" maxLength={8} style={{ width: 180 }} value={pin} onChange={(event) => setPin(event.target.value)} placeholder={t('4–8 位数字')} autoComplete="new-password" />
        <Button disabled={!/^\d{4,8}$/.test(pin)} loading={save.isPending} onClick={() => save.mutate()}>{t('设置')}</Button>
      </div>
      {problems.length > 0 ? <ProblemList problems={problems} /> : null}
    </section>
  )
}

const useNames = (form: string): { value: string; label: string }[] => {
  const list = useQuery({ queryKey: ['notice-names', form], queryFn: () => api.get<Page<{ values: Record<string, string> }>>(`/forms/${form}/records`, { limit: 200 }), retry: false, meta: { quiet: true } })
  return (list.data?.items ?? []).map((item) => ({ value: item.values.code ?? '', label: [item.values.code, item.values.name].filter(Boolean).join(' ') })).filter((option) => option.value)
}

const words = (value: string[]): string[] | undefined => (value.length > 0 ? value : undefined)

const Settings = ({ initial }: { initial: Preferences }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [wanted, setWanted] = useState(initial)
  const channels = useChannelOptions()
  const warehouses = useNames('warehouse')
  const skus = useNames('sku')
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => api.get<Page<DefinitionItem>>('/rules'), retry: false, meta: { quiet: true } })
  const set = (part: Partial<Preferences>): void => setWanted({ ...wanted, ...part })
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.put<Preferences>('/preferences', wanted),
    onSuccess: (answer) => {
      queryClient.setQueryData(['preferences'], answer)
      void message.success(t('已保存'))
    },
  })
  const ruleOptions = (rules.data?.items ?? []).map((rule) => ({ value: rule.key, label: rule.name }))
  return (
    <>
      <section className="card pad">
        <h2 className="card-title-inline">{t('只订阅这些')}</h2>
        <p className="soft">{t('留空就是全部；三项都填时要同时符合。')}</p>
        <Form layout="vertical">
          <Form.Item label={t('类目')}><Select mode="tags" aria-label={t('类目')} value={wanted.only?.category ?? []} onChange={(list: string[]) => set({ only: { ...wanted.only, category: list } })} placeholder={t('全部类目')} /></Form.Item>
          <Form.Item label={t('仓库')}><Select mode="tags" aria-label={t('仓库')} optionFilterProp="label" value={wanted.only?.warehouse ?? []} onChange={(list: string[]) => set({ only: { ...wanted.only, warehouse: list } })} options={warehouses} placeholder={t('全部仓库')} /></Form.Item>
          <Form.Item label={t('商品')}><Select mode="tags" aria-label={t('商品')} optionFilterProp="label" value={wanted.only?.sku ?? []} onChange={(list: string[]) => set({ only: { ...wanted.only, sku: list } })} options={skus} placeholder={t('全部商品')} /></Form.Item>
        </Form>
      </section>
      <section className="card pad">
        <h2 className="card-title-inline">{t('免打扰')}</h2>
        <QuietRows value={wanted.quiet ?? []} onChange={(quiet) => set({ quiet })} />
        <label className="row switch-row"><Switch checked={wanted.critical_breaks_quiet ?? true} onChange={(on) => set({ critical_breaks_quiet: on })} /> {t('严重的照样马上通知我')}</label>
      </section>
      <section className="card pad">
        <h2 className="card-title-inline">{t('按级别选渠道')}</h2>
        <p className="soft">{t('不选就按路由的设置。')}</p>
        <Form layout="vertical">
          {LEVELS.map(([level, word]) => (
            <Form.Item key={level} label={t(word)}><Select mode="multiple" aria-label={t(word)} value={wanted.channels?.[level] ?? []} onChange={(list: string[]) => set({ channels: { ...wanted.channels, [level]: list } })} options={channels} placeholder={t('按路由')} /></Form.Item>
          ))}
        </Form>
      </section>
      <section className="card pad">
        <h2 className="card-title-inline">{t('已退订与静音')}</h2>
        <p className="soft">{t('从这里移除就恢复通知。')}</p>
        <Form layout="vertical">
          <Form.Item label={t('渠道')}><Select mode="multiple" aria-label={t('已退订的渠道')} value={wanted.left_channels ?? []} onChange={(list: string[]) => set({ left_channels: words(list) })} options={channels} placeholder={t('没有')} /></Form.Item>
          <Form.Item label={t('规则')}><Select mode="multiple" aria-label={t('已退订的规则')} value={wanted.left_rules ?? []} onChange={(list: string[]) => set({ left_rules: words(list) })} options={ruleOptions} placeholder={t('没有')} /></Form.Item>
          <Form.Item label={t('商品')}><Select mode="tags" aria-label={t('静音的商品')} value={wanted.muted_skus ?? []} onChange={(list: string[]) => set({ muted_skus: words(list) })} options={skus} placeholder={t('没有')} /></Form.Item>
        </Form>
      </section>
      {save.isError ? <Alert type="error" showIcon title={errorText(save.error)} description={save.error instanceof ApiError && save.error.problems.length > 0 ? <ProblemList problems={save.error.problems} /> : undefined} /> : null}
      {wanted === initial ? null : <div className="save-bar"><Button type="primary" size="large" loading={save.isPending} onClick={() => save.mutate()}>{t('保存')}</Button></div>}
    </>
  )
}

const NoticesPage = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const preferences = useQuery({ queryKey: ['preferences'], queryFn: () => api.get<Preferences>('/preferences') })
  if (preferences.isPending) return <PageSkeleton />
  if (preferences.isError) return <Failed error={preferences.error} retry={() => void preferences.refetch()} />
  return (
    <div className="page narrow notices">
      <PageHeader title={t('我的通知')} text={t('{{name}}，只对你自己生效', { name: user.name })} />
      <Settings key={JSON.stringify(preferences.data)} initial={preferences.data} />
      <Pin />
    </div>
  )
}

export default NoticesPage
