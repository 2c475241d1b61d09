/** Several to-dos approved or refused together; what was refused says why. */
import { useMutation } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { pick } from '../../i18n'
import { refreshWork } from '../../components/work'

interface Answer {
  items: { id: number; ok: boolean; message: string; message_en: string }[]
  done: number
  failed: number
}

export const Batch = ({ ids, onDone }: { ids: number[]; onDone: () => void }) => {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const [comment, setComment] = useState('')
  const send = useMutation({
    mutationFn: (op: string) => api.post<Answer>('/todos/decide', { ids, op, comment, request_id: (crypto.randomUUID?.() ?? String(Date.now())).slice(0, 40) }),
    onSuccess: (answer) => {
      if (answer.failed === 0) void message.success(t('处理了 {{n}} 件', { n: answer.done }))
      else modal.warning({ title: t('处理了 {{done}} 件，{{failed}} 件没有', { done: answer.done, failed: answer.failed }), content: <ul>{answer.items.filter((item) => !item.ok).map((item) => <li key={item.id}>{pick(item, 'message')}</li>)}</ul> })
      refreshWork()
      onDone()
    },
  })
  return (
    <div className="bulk">
      <span>{t('已选 {{n}} 件', { n: ids.length })}</span>
      <Input className="bulk-comment" aria-label={t('意见')} placeholder={t('意见（驳回必填）')} value={comment} onChange={(event) => setComment(event.target.value)} />
      <Button type="primary" loading={send.isPending} onClick={() => send.mutate('approve')}>{t('一起同意')}</Button>
      <Button danger disabled={comment.trim() === ''} loading={send.isPending} onClick={() => send.mutate('reject')}>{t('一起驳回')}</Button>
      <Button type="text" onClick={onDone}>{t('不选了')}</Button>
    </div>
  )
}
