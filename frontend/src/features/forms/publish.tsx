/** Publishing says what follows: which columns come, go or change, before it is done. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, Modal } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { FormDefinition, FormField, Json } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { ProblemList } from '../../components/problems'
import { pick } from '../../i18n'

interface Change {
  kind: 'added' | 'removed' | 'retyped'
  field: FormField
  before?: FormField
}

/** Which fields are new, gone or of another type. */
export const fieldChanges = (before: FormDefinition | null, after: FormDefinition): Change[] => {
  const old = new Map((before?.fields ?? []).map((field) => [field.key, field]))
  const now = new Set(after.fields.map((field) => field.key))
  return [
    ...after.fields.flatMap((field): Change[] => {
      const was = old.get(field.key)
      if (!was) return [{ kind: 'added', field }]
      return was.type === field.type ? [] : [{ kind: 'retyped', field, before: was }]
    }),
    ...[...old.values()].filter((field) => !now.has(field.key)).map((field): Change => ({ kind: 'removed', field })),
  ]
}

const sayChange = (t: TFunction, change: Change): string => {
  const label = pick(change.field, 'label')
  if (change.kind === 'added') return t('新增“{{label}}”', { label })
  if (change.kind === 'removed') return t('去掉“{{label}}”：已有的数据会留着，管理员清除前都能找回', { label })
  return t('“{{label}}”换了类型：换不过来的值会留空，请先看一遍', { label })
}

interface Migration {
  changes: { field: string; kind: string; rows: number; failing: number; examples: { id: number; value: Json; message: string; message_en?: string }[] }[]
}

/** The rows whose values would not convert, counted before anything is changed. */
const Losses = ({ form }: { form: FormDefinition }) => {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['migration', JSON.stringify(form)], queryFn: () => api.post<Migration>(`/forms/${form.key}/migration`, { definition: form }), retry: false })
  const losing = (found.data?.changes ?? []).filter((change) => change.failing > 0)
  const nameOf = (key: string): string => pick(form.fields.find((field) => field.key === key) ?? { label: key }, 'label')
  if (losing.length === 0) return null
  return <Alert type="warning" showIcon className="gap-bottom" title={t('有值换不过来，会留空')} description={<ul className="problems">{losing.map((change) => <li key={change.field}>{t('“{{label}}”：{{rows}} 条里有 {{failing}} 条换不过来', { label: nameOf(change.field), rows: change.rows, failing: change.failing })}{change.examples[0] ? <span className="hint">{t('比如 {{value}}', { value: String(change.examples[0].value) })}</span> : null}</li>)}</ul>} />
}

interface Props {
  form: FormDefinition
  before: FormDefinition | null
  flush: () => Promise<boolean>
  onClose: () => void
  onPublished: (version: number) => void
}

export const PublishModal = ({ form, before, flush, onClose, onPublished }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [note, setNote] = useState('')
  const changes = fieldChanges(before, form)
  const publish = useMutation({
    meta: { quiet: true },
    mutationFn: async () => {
      if (!(await flush())) throw new Error(t('草稿没有保存成功，请稍后再试'))
      return api.post<{ version: number }>(`/forms/${form.key}/publish`, { note })
    },
    onSuccess: (answer) => {
      void message.success(t('已发布'))
      for (const key of [['forms'], ['form', form.key], ['form-logic', form.key], ['list'], ['expression-fields']]) void queryClient.invalidateQueries({ queryKey: key })
      onPublished(answer.version)
    },
  })
  const problems = publish.error instanceof ApiError ? publish.error.problems : []
  return (
    <Modal open title={t('发布“{{name}}”', { name: form.name })} onCancel={onClose} footer={[<Button key="cancel" onClick={onClose}>{t('取消')}</Button>, <Button key="publish" type="primary" loading={publish.isPending} onClick={() => publish.mutate()}>{before ? t('发布') : t('发布并开始使用')}</Button>]}>
      <ul className="consequences">
        {before === null ? <li>{t('建立一张有 {{n}} 个字段的数据表，大家就可以填写和导入', { n: form.fields.length })}</li> : null}
        {before !== null && changes.length === 0 ? <li>{t('字段没有增减，只是样子、规则或说明变了')}</li> : null}
        {before === null ? null : changes.map((change) => <li key={`${change.kind}-${change.field.key}`}>{sayChange(t, change)}</li>)}
      </ul>
      {before !== null && changes.some((change) => change.kind === 'retyped') ? <Losses form={form} /> : null}
      <Input.TextArea aria-label={t('版本说明')} autoSize={{ minRows: 1, maxRows: 4 }} maxLength={1000} value={note} onChange={(event) => setNote(event.target.value)} placeholder={t('这一版改了什么（可不填）')} />
      {publish.isError ? <Alert className="gap-top" type="error" showIcon title={errorText(publish.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
    </Modal>
  )
}
