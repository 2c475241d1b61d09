/** Publishing says what will follow: how many match now, who is told, and a trial that only tells me. */
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { RuleDefinition, RunResult } from '../../api/types'
import { errorText, queryClient, useMe } from '../../app/query'
import { ProblemList } from '../../components/problems'
import { language } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { saySchedule } from './lib/schedule'
import { usePreview } from './preview'
import { useBuilder } from './store'

interface Props {
  rule: RuleDefinition
  flush: () => Promise<boolean>
  onClose: () => void
  onPublished: (result: RunResult | null) => void
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

const Consequence = ({ rule }: { rule: RuleDefinition }) => {
  const { t } = useTranslation()
  const preview = usePreview(rule, true)
  const actions = rule.actions ?? []
  return (
    <ul className="consequences">
      <li>{preview.data ? t('现在有 {{n}} 个命中', { n: sayNumber(preview.data.total) }) : t('正在计算现在命中多少…')}</li>
      <li>{t('{{when}}运行', { when: saySchedule(rule.schedule, language()) })}</li>
      {actions.some((action) => action.type === 'notify') ? <li>{t('报警时发通知')}</li> : <li>{t('不发通知，只在预警页显示')}</li>}
      {actions.some((action) => action.type === 'replenish') ? <li>{t('自动算补货量，生成补货任务')}</li> : null}
      {actions.some((action) => action.type === 'start_workflow') ? <li>{t('自动发起审批')}</li> : null}
    </ul>
  )
}

export const PublishModal = ({ rule, flush, onClose, onPublished }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const change = useBuilder((state) => state.change)
  const [trial, setTrial] = useState(rule.trial !== undefined)
  const publish = useMutation({
    meta: { quiet: true },
    mutationFn: async (run: boolean) => {
      change({ trial: trial ? (rule.trial ?? { to: `user:${user.key}`, until: inDays(7) }) : undefined })
      if (!(await flush())) throw new Error(t('草稿没有保存成功，请稍后再试'))
      await api.post(`/rules/${rule.key}/publish`)
      return run ? api.post<RunResult>(`/rules/${rule.key}/run`) : null
    },
    onSuccess: (result) => {
      void message.success(t('已发布'))
      for (const key of [['rules'], ['rule', rule.key], ['overview'], ['list']]) void queryClient.invalidateQueries({ queryKey: key })
      onPublished(result)
    },
  })
  const problems = publish.error instanceof ApiError ? publish.error.problems : []
  return (
    <Modal open title={t('发布“{{name}}”', { name: rule.name })} onCancel={onClose} footer={[
      <Button key="later" loading={publish.isPending} onClick={() => publish.mutate(false)}>{t('发布')}</Button>,
      <Button key="now" type="primary" loading={publish.isPending} onClick={() => publish.mutate(true)}>{t('发布并立即运行')}</Button>,
    ]}>
      <Consequence rule={rule} />
      <Checkbox checked={trial} onChange={(event) => setTrial(event.target.checked)}>{t('先试运行 7 天，只通知我')}</Checkbox>
      {publish.isError ? <Alert className="gap-top" type="error" showIcon title={errorText(publish.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
    </Modal>
  )
}
