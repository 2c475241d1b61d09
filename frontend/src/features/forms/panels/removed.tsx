/** Fields that were taken away from a published form: their data is kept until an administrator purges it. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { Page } from '../../../api/types'
import { can, queryClient, useMe } from '../../../app/query'
import { sayNumber } from '../../../lib/numbers'
import { useForm } from '../store'

interface Removed {
  field: string
  kind: string
  label?: string
  rows?: number
}

export const RemovedFields = () => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const form = useForm()
  const removed = useQuery({ queryKey: ['removed', form.key], queryFn: () => api.get<Page<Removed>>(`/forms/${form.key}/removed`), retry: false })
  const purge = useMutation({
    mutationFn: (field: string) => api.post(`/forms/${form.key}/purge`, { field }),
    onSuccess: () => {
      void message.success(t('已彻底删除'))
      void queryClient.invalidateQueries({ queryKey: ['removed', form.key] })
    },
  })
  const items = removed.data?.items ?? []
  if (items.length === 0) return null
  return (
    <div className="property">
      <div className="property-label">{t('去掉的字段')}</div>
      <ul className="stack tight">
        {items.map((item) => (
          <li key={item.field} className="row between">
            <span className="ellipsis"><span className="mono">{item.field}</span>{item.rows === undefined ? null : <small className="faint num"> {t('{{n}} 条有值', { n: sayNumber(item.rows) })}</small>}</span>
            {can(user.roles) ? <Popconfirm title={t('彻底删除这一列的数据？不能找回')} okText={t('删除')} onConfirm={() => purge.mutate(item.field)}><Button size="small" danger type="text">{t('彻底删除')}</Button></Popconfirm> : null}
          </li>
        ))}
      </ul>
      <p className="faint">{t('数据还在：加回同一标识、同一类型的字段就看得到。')}</p>
    </div>
  )
}
