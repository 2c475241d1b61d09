/** Send a notice again that was refused or given up. */
import { ReloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Delivery } from '../../api/types'
import { queryClient } from '../../app/query'

const FAILED = new Set(['failed', 'dead', 'permanent'])

export const Retry = ({ item }: { item: Delivery }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const retry = useMutation({
    mutationFn: () => api.post(`/deliveries/${item.id}/retry`),
    onSuccess: () => {
      void message.success(t('马上再发一次'))
      void queryClient.invalidateQueries({ queryKey: ['list', '/deliveries'] })
      void queryClient.invalidateQueries({ queryKey: ['delivery', item.id] })
    },
  })
  return FAILED.has(item.state) ? <Button size="small" icon={<ReloadOutlined />} loading={retry.isPending} onClick={() => retry.mutate()}>{t('重发')}</Button> : null
}
