/** The definition as JSON, editable: taken over as one step once it can be read. */
import { Alert, Button } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormDefinition } from '../../api/types'
import { CardSkeleton } from '../../components/states'
import { edit, useDesk, useForm } from './store'

const JsonEditor = lazy(() => import('../../components/json-editor'))

/** The form that the text says, or what is wrong with it in a word. */
const readForm = (text: string, key: string, say: (reason: 'broken' | 'shape' | 'key') => string): FormDefinition | string => {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return say('broken')
  }
  const form = found as FormDefinition
  const whole = typeof form === 'object' && form !== null && Array.isArray(form.fields) && form.fields.every((field) => typeof field === 'object' && field !== null && typeof field.key === 'string' && typeof field.type === 'string')
  if (!whole) return say('shape')
  return form.key === key ? form : say('key')
}

export const JsonView = () => {
  const { t } = useTranslation()
  const form = useForm()
  const select = useDesk((state) => state.select)
  const written = JSON.stringify(form, null, 2)
  const [text, setText] = useState(written)
  useEffect(() => setText(written), [written])
  const reasons = { broken: t('还不是完整的 JSON'), shape: t('fields 应为一组字段，每个有 key 和 type'), key: t('表单标识不能改，应为 {{key}}', { key: form.key }) }
  const read = readForm(text, form.key, (reason) => reasons[reason])
  const bad = typeof read === 'string'
  const apply = (): void => {
    if (bad) return
    edit(() => read)
    select({ kind: 'form' })
  }
  return (
    <section className="card json-view">
      <div className="toolbar">
        <span className="soft grow">{t('整份定义。改完点“应用”，可以撤销。')}</span>
        <Button onClick={() => void navigator.clipboard.writeText(written)}>{t('复制全部')}</Button>
        <Button type="primary" disabled={bad || text === written} onClick={apply}>{t('应用')}</Button>
      </div>
      {bad ? <Alert type="warning" showIcon banner title={read} /> : null}
      <Suspense fallback={<CardSkeleton lines={8} />}><JsonEditor value={text} onChange={setText} label={t('表单定义 JSON')} /></Suspense>
    </section>
  )
}
