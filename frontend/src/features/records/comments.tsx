/** What people say about a record; whoever is named with @ finds it in the mailbox. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Mentions } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page, RecordItem, User } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { CardSkeleton, Failed } from '../../components/states'

interface Comment {
  id: number
  at: string
  by: string
  by_name?: string
  text: string
}

/** The people that a text names: `@chen`. */
export const mentioned = (text: string, people: readonly string[]): string[] => people.filter((key) => new RegExp(`@${key}(?![\\w-])`).test(text))

export const Comments = ({ form, record }: { form: string; record: RecordItem }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [text, setText] = useState('')
  const path = `/forms/${form}/records/${record.id}/comments`
  const comments = useQuery({ queryKey: ['comments', form, record.id], queryFn: () => api.get<Page<Comment>>(path) })
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<User>>('/users'), staleTime: 300_000, retry: false })
  const people = users.data?.items ?? []
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['comments', form, record.id] })
  const add = useMutation({
    mutationFn: () => api.post(path, { text: text.trim(), mentions: mentioned(text, people.map((one) => one.key)) }),
    onSuccess: () => {
      setText('')
      refresh()
    },
  })
  const remove = useMutation({ mutationFn: (id: number) => api.delete(`${path}/${id}`), onSuccess: refresh })
  const mayWrite = can(user.roles, 'operator', 'designer')
  return (
    <div className="stack">
      {comments.isPending ? <CardSkeleton lines={2} /> : null}
      {comments.isError ? <Failed error={comments.error} retry={() => void comments.refetch()} /> : null}
      <ul className="comments">
        {(comments.data?.items ?? []).map((comment) => (
          <li key={comment.id}>
            <div className="row between"><span><strong>{comment.by_name ?? comment.by}</strong> <span className="faint"><Moment at={comment.at} /></span></span>{comment.by === user.key ? <Button size="small" type="text" onClick={() => remove.mutate(comment.id)}>{t('删除')}</Button> : null}</div>
            <p className="prewrap">{comment.text}</p>
          </li>
        ))}
      </ul>
      {comments.isSuccess && comments.data.items.length === 0 ? <p className="faint">{t('还没有评论')}</p> : null}
      {mayWrite ? (
        <div className="stack tight">
          <Mentions aria-label={t('写评论')} autoSize={{ minRows: 2, maxRows: 6 }} maxLength={4000} value={text} onChange={setText} placeholder={t('写点什么，@ 可以提到同事')} options={people.map((one) => ({ value: one.key, label: `${one.name} ${one.key}` }))} />
          <div><Button disabled={text.trim() === ''} loading={add.isPending} onClick={() => add.mutate()}>{t('发表')}</Button></div>
        </div>
      ) : null}
    </div>
  )
}
