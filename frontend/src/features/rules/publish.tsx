/** Publishing says what will follow: how many would fire, who is told; and offers a quiet start or a trial that only tells me. */
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { RuleDefinition, RulePreview, RunResult } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { ProblemList } from '../../components/problems'
import { language } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { saySchedule } from './lib/schedule'
import { usePreview } from './preview'

type Start = 'all' | 'new_only' | 'trial'

interface Props {
  rule: RuleDefinition
  /** Whether it was never published before. */
  first: boolean
  flush: () => Promise<boolean>
  onClose: () => void
  onPublished: (result: RunResult | null) => void
}

/** From so many on, a rule that starts all at once is more noise than news. */
const MANY = 20

const newOnes = (preview: RulePreview | undefined): number => preview?.new ?? preview?.total ?? 0

const Consequence = ({ rule, preview }: { rule: RuleDefinition; preview: RulePreview | undefined }) => {
  const { t } = useTranslation()
  const actions = rule.actions ?? []
  return (
    <ul className="consequences">
      <li>{preview ? t('现在有 {{n}} 个命中，其中 {{fresh}} 个会新报警', { n: sayNumber(preview.total), fresh: sayNumber(newOnes(preview)) }) : t('正在计算现在命中多少…')}</li>
      <li>{t('{{when}}运行', { when: saySchedule(rule.schedule, language()) })}</li>
      {actions.some((action) => action.type === 'notify') ? <li>{t('报警时发通知')}</li> : <li>{t('不发通知，只在预警页显示')}</li>}
      {actions.some((action) => action.type === 'replenish') ? <li>{t('自动算补货量，生成补货任务')}</li> : null}
      {actions.some((action) => action.type === 'start_workflow') ? <li>{t('自动发起审批')}</li> : null}
    </ul>
  )
}

const Starts = ({ value, onChange, fresh }: { value: Start; onChange: (value: Start) => void; fresh: number }) => {
  const { t } = useTranslation()
  const choices: [Start, string, string][] = [
    ['all', t('全部报警'), fresh > 0 ? t('现在命中的 {{n}} 个马上报警并通知', { n: sayNumber(fresh) }) : t('以后一有命中就报警并通知')],
    ['new_only', t('只报新出现的'), t('现在已经命中的记为已知，不通知；以后新出现的才报')],
    ['trial', t('试运行 7 天，只通知我'), t('别人收不到，也不生成任务和审批')],
  ]
  return (
    <Radio.Group className="start-choices" value={value} onChange={(event) => onChange(event.target.value as Start)} aria-label={t('怎么开始')}>
      {choices.map(([key, title, text]) => <Radio key={key} value={key}><span className="strong">{title}</span><span className="faint start-text">{text}</span></Radio>)}
    </Radio.Group>
  )
}

export const PublishModal = ({ rule, first, flush, onClose, onPublished }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const preview = usePreview(rule, true).data
  const fresh = newOnes(preview)
  const [chosen, setChosen] = useState<Start | null>(rule.trial ? 'trial' : null)
  const start = chosen ?? 'all'
  const publish = useMutation({
    meta: { quiet: true },
    mutationFn: async (run: boolean) => {
      if (!(await flush())) throw new Error(t('草稿没有保存成功，请稍后再试'))
      await api.post(`/rules/${rule.key}/publish`, { start })
      return run ? api.post<RunResult>(`/rules/${rule.key}/run`) : null
    },
    onSuccess: (result) => {
      void message.success(start === 'trial' ? t('已发布，试运行 7 天') : t('已发布'))
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
      <Consequence rule={rule} preview={preview} />
      {fresh >= MANY && start === 'all' ? <Alert className="gap-bottom" type="warning" showIcon title={first ? t('一发布就会有 {{n}} 条预警。可以只报新出现的，或先试运行。', { n: sayNumber(fresh) }) : t('这次修改会新增 {{n}} 条预警。可以只报新出现的，或先试运行。', { n: sayNumber(fresh) })} /> : null}
      <Starts value={start} onChange={setChosen} fresh={fresh} />
      {publish.isError ? <Alert className="gap-top" type="error" showIcon title={errorText(publish.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
    </Modal>
  )
}
