/** Status words: colour only for status, and always with an icon and a word. */
import { CheckCircleFilled, ClockCircleOutlined, ExclamationCircleFilled, InfoCircleFilled, MinusCircleOutlined, PauseCircleFilled, QuestionCircleFilled, StopOutlined, SyncOutlined, WarningFilled } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export type Tone = 'critical' | 'warning' | 'good' | 'info' | 'unknown'

export const Status = ({ tone, icon, children, plain = false }: { tone: Tone; icon?: ReactNode; children: ReactNode; plain?: boolean }) => (
  <span className={`status ${tone}${plain ? ' plain' : ''}`}>
    {icon ? <span aria-hidden="true">{icon}</span> : null}
    {children}
  </span>
)

const LEVELS: Record<string, [Tone, ReactNode, string]> = {
  critical: ['critical', <WarningFilled key="i" />, '严重'],
  warning: ['warning', <ExclamationCircleFilled key="i" />, '警告'],
  info: ['info', <InfoCircleFilled key="i" />, '提醒'],
}

export const levelName = (level: string | null | undefined): string => LEVELS[level ?? '']?.[2] ?? level ?? '未知'

export const LevelTag = ({ level, plain }: { level: string | null | undefined; plain?: boolean }) => {
  const { t } = useTranslation()
  const [tone, icon, word] = LEVELS[level ?? ''] ?? ['unknown', <QuestionCircleFilled key="i" />, level ?? '未知']
  return <Status tone={tone} icon={icon} plain={plain}>{t(word)}</Status>
}

const ICONS: Record<Tone, ReactNode> = {
  critical: <WarningFilled />,
  warning: <ClockCircleOutlined />,
  good: <CheckCircleFilled />,
  info: <SyncOutlined />,
  unknown: <MinusCircleOutlined />,
}

/** One table of the words for the states that travel through the API. */
const STATES: Record<string, [Tone, string]> = {
  firing: ['critical', '告警中'],
  out: ['critical', '断货'],
  pending: ['unknown', '观察中'],
  resolved: ['good', '已恢复'],
  acknowledged: ['info', '已认领'],
  snoozed: ['unknown', '已暂停提醒'],
  proposed: ['info', '待提交'],
  approving: ['warning', '审批中'],
  approved: ['good', '已批准'],
  rejected: ['critical', '已驳回'],
  ordered: ['good', '已下单'],
  done: ['good', '已完成'],
  draft: ['unknown', '草稿'],
  sent: ['info', '已发出'],
  confirmed: ['info', '已确认'],
  receiving: ['warning', '收货中'],
  received: ['good', '已收货'],
  cancelled: ['unknown', '已取消'],
  published: ['good', '已发布'],
  disabled: ['unknown', '已停用'],
  archived: ['unknown', '已归档'],
  queued: ['unknown', '排队中'],
  running: ['info', '进行中'],
  failed: ['critical', '失败'],
  undone: ['unknown', '已撤销'],
  accepted: ['info', '已受理'],
  delivered: ['good', '已送达'],
  acted: ['good', '已处理'],
  lost: ['warning', '中断，重新排队'],
  retry: ['warning', '等待重试'],
  waiting: ['unknown', '排队中'],
  sending: ['info', '发送中'],
  permanent: ['critical', '无法送达'],
  dead: ['critical', '无法送达'],
  unknown: ['unknown', '结果未知'],
  completed: ['good', '已完成'],
  recalled: ['unknown', '已撤回'],
  returned: ['warning', '已退回'],
  incident: ['critical', '需要处理'],
  suspended: ['unknown', '已挂起'],
  open: ['warning', '待处理'],
}

const STATE_ICONS: Record<string, ReactNode> = { disabled: <PauseCircleFilled />, archived: <StopOutlined />, cancelled: <StopOutlined />, snoozed: <PauseCircleFilled /> }

export const StateTag = ({ state, plain }: { state: string | null | undefined; plain?: boolean }) => {
  const { t } = useTranslation()
  const [tone, word] = STATES[state ?? ''] ?? ['unknown', state ?? '未知']
  return <Status tone={tone} icon={STATE_ICONS[state ?? ''] ?? ICONS[tone]} plain={plain}>{t(word)}</Status>
}
