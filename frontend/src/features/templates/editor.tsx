/** Write a template with the names one click away; the preview follows while typing, with what is wrong beside it. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input, Segmented, Select } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useDeferredValue, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import { errorText, queryClient } from '../../app/query'
import { publishDefinition } from '../../components/draft/publish-definition'
import { ProblemList } from '../../components/problems'
import { useChannels } from '../../components/use-channels'
import { EVENTS, PIECES, type Preview, type Template } from './model'
import { Phone } from './phone'

const EMPTY: Template = { kind: 'message', key: '', name: '', language: 'zh', event: 'alert', title: '【{{ level_name }}】{{ record }}', body: '{{ explanation }}\n{% for item in values %}{{ item.label }}:{{ item.value }}\n{% endfor %}' }
const KEY = /^[a-z][a-z0-9_]{0,54}$/

const cleaned = (template: Template): Template => Object.fromEntries(Object.entries(template).filter(([, value]) => value !== undefined && value !== '')) as unknown as Template

interface Props {
  initial: Template | null
  isNew: boolean
  onClose: () => void
}

export const Editor = ({ initial, isNew, onClose }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [template, setTemplate] = useState<Template>({ ...EMPTY, ...initial })
  const body = useRef<TextAreaRef>(null)
  const channels = useChannels()
  const asked = useDeferredValue(template)
  const preview = useQuery({
    queryKey: ['message-preview', asked],
    queryFn: () => api.post<Preview>('/message-previews', { definition: cleaned({ ...asked, key: asked.key || 'new', name: asked.name || 'new' }) }),
    placeholderData: (previous) => previous,
    retry: false,
  })
  const set = (part: Partial<Template>): void => setTemplate((now) => ({ ...now, ...part }))
  const insert = (piece: string): void => {
    const area = body.current?.resizableTextArea?.textArea
    const [start, end] = [area?.selectionStart ?? template.body.length, area?.selectionEnd ?? template.body.length]
    set({ body: template.body.slice(0, start) + piece + template.body.slice(end) })
    area?.focus()
  }
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => publishDefinition('message-templates', template.key, cleaned(template)),
    onSuccess: () => {
      void message.success(t('已保存并生效'))
      void queryClient.invalidateQueries({ queryKey: ['message-templates'] })
      onClose()
    },
  })
  const problems = save.error instanceof ApiError && save.error.problems.length > 0 ? save.error.problems : (preview.data?.problems ?? [])
  const ready = KEY.test(template.key) && template.name.trim() !== '' && problems.length === 0
  return (
    <div className="template-room">
      <section className="card pad">
        <Form layout="vertical">
          <div className="pair">
            <Form.Item label={t('名称')} required><Input value={template.name} onChange={(event) => set({ name: event.target.value })} /></Form.Item>
            <Form.Item label={t('标识')} required validateStatus={template.key && !KEY.test(template.key) ? 'error' : ''} help={t('规则用它引用模板；同名加 _en 就是英文版')}><Input value={template.key} disabled={!isNew} onChange={(event) => set({ key: event.target.value })} placeholder="low_stock_notice" /></Form.Item>
          </div>
          <div className="pair">
            <Form.Item label={t('渠道')}><Select allowClear value={template.channel} onChange={(channel?: string) => set({ channel })} placeholder={t('所有渠道')} options={(channels.data?.items ?? []).map((item) => ({ value: item.key, label: item.name }))} /></Form.Item>
            <Form.Item label={t('什么时候用')}><Select value={template.event} onChange={(event: string) => set({ event })} options={EVENTS.map(([value, word]) => ({ value, label: t(word) }))} /></Form.Item>
            <Form.Item label={t('语言')}><Segmented value={template.language} onChange={(language) => set({ language: language as 'zh' | 'en' })} options={[{ value: 'zh', label: '中文' }, { value: 'en', label: 'English' }]} /></Form.Item>
          </div>
          <Form.Item label={t('标题')}><Input className="mono" value={template.title} onChange={(event) => set({ title: event.target.value })} /></Form.Item>
          <Form.Item label={t('内容')}>
            <div className="pieces" role="group" aria-label={t('插入')}>{PIECES.map(([piece, word]) => <Button key={word} size="small" onClick={() => insert(piece)}>{t(word)}</Button>)}</div>
            <Input.TextArea ref={body} className="mono" aria-label={t('内容')} autoSize={{ minRows: 8, maxRows: 20 }} value={template.body} onChange={(event) => set({ body: event.target.value })} />
          </Form.Item>
        </Form>
        {problems.length > 0 ? <ProblemList problems={problems} /> : null}
        {save.isError && problems.length === 0 ? <Alert type="error" showIcon title={errorText(save.error)} /> : null}
        <Button type="primary" disabled={!ready} loading={save.isPending} onClick={() => save.mutate()}>{t('保存并生效')}</Button>
      </section>
      <Phone preview={preview.data} language={template.language} />
    </div>
  )
}
