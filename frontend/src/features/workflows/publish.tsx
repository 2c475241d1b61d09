/** Publishing: what follows is named; a workflow that is not sound is refused with every reason. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { Page, Problem } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { ProblemList } from '../../components/problems'
import type { Flow } from '../../lib/flow/model'
import { jumpTo } from './problems-panel'

interface Props {
  flow: Flow
  version: number | null
  flush: () => Promise<boolean>
  onClose: () => void
  onPublished: () => void
}

export const PublishModal = ({ flow, version, flush, onClose, onPublished }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [note, setNote] = useState('')
  const running = useQuery({ queryKey: ['instances', flow.key, 'open'], queryFn: () => api.get<Page<unknown>>('/instances', { workflow: flow.key, status: 'open', limit: 100 }) })
  const publish = useMutation({
    meta: { quiet: true },
    mutationFn: async () => {
      if (!(await flush())) throw new Error(t('草稿没有保存成功，请稍后再试'))
      return api.post(`/workflows/${flow.key}/publish`, note.trim() ? { note: note.trim() } : {})
    },
    onSuccess: () => {
      void message.success(t('已发布'))
      for (const key of [['workflows'], ['workflow', flow.key], ['versions', 'workflows', flow.key]]) void queryClient.invalidateQueries({ queryKey: key })
      onPublished()
    },
  })
  const problems = publish.error instanceof ApiError ? publish.error.problems : []
  const jump = (problem: Problem): void => {
    onClose()
    jumpTo(problem, flow)
  }
  const open = running.data?.items.length ?? 0
  return (
    <Modal open title={t('发布“{{name}}”', { name: flow.name })} onCancel={onClose} footer={<Button type="primary" loading={publish.isPending} onClick={() => publish.mutate()}>{t('发布第 {{n}} 版', { n: (version ?? 0) + 1 })}</Button>}>
      <ul className="consequences">
        <li>{t('从现在起发起的都按这一版走')}</li>
        {open > 0 ? <li>{t('正在办的 {{n}} 个仍按原来的版本走完', { n: open })}</li> : null}
      </ul>
      <Input.TextArea aria-label={t('改了什么')} placeholder={t('改了什么（可不填）')} autoSize={{ minRows: 2, maxRows: 4 }} value={note} onChange={(event) => setNote(event.target.value)} />
      {publish.isError ? <Alert className="gap-top" type="error" showIcon title={problems.length > 0 ? t('这样会出问题，没有发布') : errorText(publish.error)} description={problems.length > 0 ? <ProblemList problems={problems} onJump={jump} /> : undefined} /> : null}
    </Modal>
  )
}
