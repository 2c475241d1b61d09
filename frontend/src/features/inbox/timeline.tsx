/** Who did what when in a workflow, oldest first. */
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '../../api/types'
import { Moment } from '../../components/moment'

const OPS: Record<string, [string, string]> = {
  submit: ['提交', 'info'],
  opened: ['等待处理', ''],
  completed: ['流程结束', 'good'],
  start: ['发起', 'info'],
  started: ['发起', 'info'],
  enter: ['到达', ''],
  approve: ['同意', 'good'],
  reject: ['驳回', 'critical'],
  return: ['退回', 'warning'],
  transfer: ['转交', 'info'],
  delegate: ['委派', 'info'],
  add_sign: ['加签', 'info'],
  remove_sign: ['减签', ''],
  complete: ['办理', 'good'],
  resubmit: ['重新提交', 'info'],
  recall: ['撤回', 'warning'],
  cancel: ['取消', 'critical'],
  comment: ['评论', ''],
  urge: ['催办', 'warning'],
  effect_done: ['系统执行', ''],
  auto: ['自动通过', 'good'],
  finish: ['结束', 'good'],
  end: ['结束', 'good'],
}

export const operationName = (op: string): string => OPS[op]?.[0] ?? op

export const Timeline = ({ entries }: { entries: TimelineEntry[] }) => {
  const { t } = useTranslation()
  const shown = entries.filter((entry) => entry.op !== 'seat')
  if (shown.length === 0) return <p className="faint">{t('还没有动作')}</p>
  return (
    <ul className="timeline">
      {shown.map((entry, index) => (
        <li key={index} className={OPS[entry.op]?.[1] ?? ''}>
          <div><span className="strong">{entry.actor ?? t('系统')}</span> {t(operationName(entry.op))}{entry.node ? <span className="soft"> · {entry.node}</span> : null}</div>
          <div className="when"><Moment at={entry.at} /></div>
          {entry.comment ? <div className="quote">{entry.comment}</div> : null}
        </li>
      ))}
    </ul>
  )
}
