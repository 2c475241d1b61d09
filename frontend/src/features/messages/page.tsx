/** My notices, newest first; opening one marks it read and leads to where it can be acted on. */
import { MailOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { MessageItem } from '../../api/types'
import { queryClient } from '../../app/query'
import { ListFoot } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { useList } from '../../components/use-list'
import { typeset } from '../../lib/typeset'
import { inApp, isInApp } from '../../lib/links'
import './messages.css'

const target = (item: MessageItem): { label: string; to: string; outside: boolean } | null => {
  if (item.todo) return { label: '去处理', to: `/todos/${item.todo}`, outside: false }
  if (item.alert) return { label: '看预警', to: `/alerts/${item.alert}`, outside: false }
  if (item.link) return isInApp(item.link) ? { label: '打开', to: inApp(item.link), outside: false } : { label: '打开', to: item.link, outside: true }
  return null
}

const Message = ({ item, onRead }: { item: MessageItem; onRead: (id: MessageItem['id']) => void }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const goal = target(item)
  const toggle = (): void => {
    setOpen(!open)
    if (!item.read_at) onRead(item.id)
  }
  return (
    <li className={`message ${item.read_at ? '' : 'unread'}`}>
      <button type="button" className="message-head" aria-expanded={open} onClick={toggle}>
        <span className="message-dot" aria-label={item.read_at ? t('已读') : t('未读')} />
        <span className="grow"><span className="message-title">{typeset(item.title)}</span>{open ? null : <span className="message-line">{typeset(item.body.split('\n').filter(Boolean).slice(0, 3).join(' · '))}</span>}</span>
        <span className="faint"><Moment at={item.at} /></span>
      </button>
      {open ? (
        <div className="message-body">
          <p className="prewrap num">{typeset(item.body)}</p>
          <span className="row wrap">
            {goal ? <Button type="primary" onClick={() => (goal.outside ? window.location.assign(goal.to) : void navigate(goal.to))}>{t(goal.label)}</Button> : null}
            {item.link && !isInApp(item.link) ? <Button href={item.link} target="_blank" rel="noreferrer">{t('打开通知里的链接')}</Button> : null}
          </span>
        </div>
      ) : null}
    </li>
  )
}

const MessagesPage = () => {
  const { t } = useTranslation()
  const [unread, setUnread] = useState(false)
  const list = useList<MessageItem>('/messages', unread ? { unread: true } : {})
  const read = useMutation({
    meta: { quiet: true },
    mutationFn: (id: MessageItem['id']) => api.post(`/messages/${id}/read`),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['messages'] })
      void queryClient.invalidateQueries({ queryKey: ['list', '/messages'] })
    },
  })
  return (
    <div className="page narrow">
      <PageHeader title={t('消息')} text={t('系统发给你的通知，和发到邮箱、企业微信的一样')} />
      <div className="card">
        <div className="toolbar"><Segmented value={unread ? 'unread' : 'all'} onChange={(value) => setUnread(value === 'unread')} options={[{ value: 'all', label: t('全部') }, { value: 'unread', label: t('未读') }]} /></div>
        {list.isPending ? <TableSkeleton /> : null}
        {list.isError ? <Failed error={list.error} retry={list.refetch} /> : null}
        {!list.isPending && !list.isError && list.items.length === 0 ? <Empty icon={<MailOutlined />} title={unread ? t('没有未读消息') : t('还没有消息')} text={t('有预警或待办时，会在这里收到通知。')} /> : null}
        <ul>{list.items.map((item) => <Message key={item.id} item={item} onRead={(id) => read.mutate(id)} />)}</ul>
        {list.items.length > 0 ? <ListFoot list={list} /> : null}
      </div>
    </div>
  )
}

export default MessagesPage
