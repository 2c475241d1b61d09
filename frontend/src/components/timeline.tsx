/** Who did what when in a workflow, oldest first. */
import { useTranslation } from 'react-i18next'
import type { TimelineEntry } from '../api/types'
import { Moment } from './moment'

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
  waits: ['等待', ''],
  reopened: ['重新打开', 'info'],
  held: ['暂停等待', ''],
  withdrawn: ['撤下', ''],
  cancelled: ['已取消', ''],
  advice: ['给出意见', 'info'],
  remind: ['提醒', 'warning'],
  timeout: ['超时', 'warning'],
  escalate: ['升级', 'warning'],
  skipped: ['跳过', ''],
  retract: ['拿回', 'warning'],
  take_back: ['收回', 'info'],
  handover: ['交接', 'info'],
  copied: ['抄送', ''],
  item: ['新增一项', ''],
  signal: ['收到信号', ''],
  signal_kept: ['信号留存', ''],
  answer_kept: ['结果留存', ''],
  set: ['计算', ''],
  write: ['填写', 'info'],
  incident: ['流程受阻', 'critical'],
  retry: ['重试', 'info'],
  suspended: ['挂起', 'warning'],
  resumed: ['恢复', 'info'],
  migrated: ['换到新版本', 'info'],
  unchanged: ['未变动，沿用原意见', 'good'],
  compensated: ['补偿', 'warning'],
  child_ended: ['子流程结束', ''],
  group_rejected: ['加签未通过', 'critical'],
  delivery_failed: ['通知未送达', 'critical'],
  revoke: ['申请撤销', 'warning'],
  revoked: ['已撤销', 'critical'],
  revocation_refused: ['撤销未获同意', ''],
}

/** Who was asked stands among the people of the node already. */
const QUIET = new Set(['seat', 'seated'])

export const operationName = (op: string): string => OPS[op]?.[0] ?? op

export const Timeline = ({ entries }: { entries: TimelineEntry[] }) => {
  const { t } = useTranslation()
  const shown = entries.filter((entry) => !QUIET.has(entry.op))
  if (shown.length === 0) return <p className="faint">{t('还没有动作')}</p>
  return (
    <ul className="timeline">
      {shown.map((entry, index) => (
        <li key={index} className={OPS[entry.op]?.[1] ?? ''}>
          <div><span className="strong">{entry.actor ?? t('系统')}</span>{entry.on_behalf_of ? <span className="soft"> {t('（代 {{name}}）', { name: entry.on_behalf_of })}</span> : null} {t(operationName(entry.op))}{entry.people && entry.people.length > 0 ? <span className="soft"> {entry.people.join('、')}</span> : null}{entry.node ? <span className="soft"> · {entry.node}</span> : null}</div>
          <div className="when"><Moment at={entry.at} /></div>
          {entry.comment ? <div className="quote">{entry.comment}</div> : null}
          {entry.files && entry.files.length > 0 ? <div className="timeline-files">{entry.files.map((file) => <a key={file.id} href={`/api/v1/files/${encodeURIComponent(file.id)}`} target="_blank" rel="noreferrer">{file.name}</a>)}</div> : null}
        </li>
      ))}
    </ul>
  )
}
