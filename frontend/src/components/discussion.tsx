/** Talking about it: comments with @colleagues and files; whoever is named gets a message. */
import { PaperClipOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Mentions } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { FileInfo } from '../api/types'
import { usePeople } from './person'
import { refreshWork } from './work'
import './discussion.css'

/** The colleagues whose names stand behind an @ in the text. */
export const mentioned = (text: string, people: readonly { key: string; name: string }[]): string[] => people.filter((person) => text.includes(`@${person.name}`)).map((person) => person.key)

const Discussion = ({ instance }: { instance: string }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const people = usePeople()
  const [text, setText] = useState('')
  const [files, setFiles] = useState<FileInfo[]>([])
  const picker = useRef<HTMLInputElement>(null)
  const upload = useMutation({
    mutationFn: async (chosen: File[]) => {
      for (const file of chosen) {
        const body = new FormData()
        body.append('file', file)
        const kept = await api.post<FileInfo>('/files', body)
        setFiles((before) => [...before, kept])
      }
    },
  })
  const send = useMutation({
    mutationFn: () => api.post(`/instances/${encodeURIComponent(instance)}/comment`, { text: text.trim() || t('见附件'), users: mentioned(text, people.data?.items ?? []), files: files.map(({ id, name, size, type }) => ({ id, name, ...(size === undefined ? {} : { size }), ...(type === undefined ? {} : { type }) })) }),
    onSuccess: () => {
      setText('')
      setFiles([])
      void message.success(t('已评论'))
      refreshWork()
    },
  })
  const options = (people.data?.items ?? []).map((person) => ({ value: person.name, label: person.name, key: person.key }))
  return (
    <div className="discussion">
      <Mentions aria-label={t('评论')} rows={2} value={text} onChange={setText} options={options} placeholder={t('说点什么，用 @ 提醒同事')} />
      {files.length > 0 ? <ul className="discussion-files">{files.map((file) => <li key={file.id}><PaperClipOutlined aria-hidden="true" /> {file.name} <button type="button" className="text-button" onClick={() => setFiles(files.filter((other) => other.id !== file.id))}>{t('去掉')}</button></li>)}</ul> : null}
      <div className="row between">
        <Button type="text" icon={<PaperClipOutlined />} loading={upload.isPending} onClick={() => picker.current?.click()}>{t('附件')}</Button>
        <input ref={picker} type="file" multiple hidden aria-label={t('附件')} onChange={(event) => { upload.mutate([...(event.target.files ?? [])]); event.target.value = '' }} />
        <Button disabled={text.trim() === '' && files.length === 0} loading={send.isPending} onClick={() => send.mutate()}>{t('评论')}</Button>
      </div>
    </div>
  )
}

export default Discussion
