/** What text messages may cost a day, and what today has used. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, InputNumber, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { queryClient } from '../../app/query'
import { CardSkeleton } from '../../components/states'

interface Budget {
  person_day: number
  workspace_day: number
  used_today: number
}

export const BudgetCard = () => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [edited, setEdited] = useState<Partial<Budget>>({})
  const budget = useQuery({ queryKey: ['sms-budget'], queryFn: () => api.get<Budget>('/channels/sms-budget') })
  const save = useMutation({
    mutationFn: (values: { person_day: number; workspace_day: number }) => api.put<Budget>('/channels/sms-budget', values),
    onSuccess: (answer) => {
      queryClient.setQueryData(['sms-budget'], answer)
      setEdited({})
      void message.success(t('已保存'))
    },
  })
  if (!budget.data) return <section className="card pad"><CardSkeleton lines={2} /></section>
  const now = { ...budget.data, ...edited }
  const share = now.workspace_day > 0 ? Math.round((budget.data.used_today / now.workspace_day) * 100) : 100
  return (
    <section className="card pad">
      <h2 className="card-title-inline">{t('短信预算')}</h2>
      <p className="soft">{t('超出后，紧急的立即改走免费渠道，其他的合并成一条站内汇总；用到 80% 和 100% 时提醒管理员。')}</p>
      <Progress percent={Math.min(100, share)} status={share >= 100 ? 'exception' : 'normal'} format={() => `${budget.data.used_today} / ${now.workspace_day}`} />
      <div className="row wrap">
        <label className="row">{t('每人每天')}<InputNumber min={0} max={50} value={now.person_day} onChange={(value) => setEdited({ ...edited, person_day: value ?? 0 })} /></label>
        <label className="row">{t('全部每天')}<InputNumber min={0} max={100_000} value={now.workspace_day} onChange={(value) => setEdited({ ...edited, workspace_day: value ?? 0 })} /></label>
        {Object.keys(edited).length > 0 ? <Button type="primary" loading={save.isPending} onClick={() => save.mutate({ person_day: now.person_day, workspace_day: now.workspace_day })}>{t('保存')}</Button> : null}
      </div>
    </section>
  )
}
