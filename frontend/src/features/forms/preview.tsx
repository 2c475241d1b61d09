/** The form as people will fill it in, at desktop and phone size; formulas and rules work. */
import { DesktopOutlined, MobileOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { FormDefinition, Problem } from '../../api/types'
import { RecordForm } from '../../components/record-form/record-form'
import { useLiveForm } from '../../components/record-form/use-live'
import { ProblemList } from '../../components/problems'
import { CardSkeleton, Empty } from '../../components/states'
import { usePhone } from '../../components/use-phone'
import { pick } from '../../i18n'
import { type FormLogic, NO_LOGIC } from '../../lib/form/level'
import { useForm } from './store'

type Size = 'desktop' | 'phone'

const Trial = ({ form, logic }: { form: FormDefinition; logic: FormLogic }) => {
  const { t } = useTranslation()
  const live = useLiveForm(form, logic, null)
  const [problems, setProblems] = useState<Problem[] | null>(null)
  const general = (problems ?? []).filter((problem) => problem.path === '$')
  return (
    <>
      <RecordForm live={live} problems={problems ?? []} onEdited={() => problems && setProblems(live.problems())} />
      {general.length > 0 ? <ProblemList problems={general} /> : null}
      <div className="trial-foot"><Button type="primary" onClick={() => setProblems(live.problems())}>{t('试着提交')}</Button>{problems === null ? null : <span className={problems.length > 0 ? 'critical-word' : 'good-line'}>{problems.length > 0 ? t('{{n}} 处要改', { n: problems.length }) : t('可以提交（预览不会保存）')}</span>}</div>
    </>
  )
}

/** On a phone-sized frame the page itself must be narrow, so that it stands in a frame of its own. */
const Framed = ({ size, form, logic }: { size: Size; form: FormDefinition; logic: FormLogic }) => (
  <div className={`preview-frame ${size}`} data-size={size}>
    <div className="preview-page">
      <h2>{pick(form, 'name')}</h2>
      {form.description ? <p className="soft">{pick(form, 'description')}</p> : null}
      <Trial key={JSON.stringify(form)} form={form} logic={logic} />
    </div>
  </div>
)

export const PreviewView = () => {
  const { t } = useTranslation()
  const form = useForm()
  const small = usePhone()
  const [size, setSize] = useState<Size>(small ? 'phone' : 'desktop')
  const logic = useQuery({ queryKey: ['draft-logic', JSON.stringify(form)], queryFn: () => api.post<FormLogic>('/forms/logic', { draft: form }), staleTime: 60_000, retry: false })
  if (form.fields.length === 0) return <div className="card"><Empty title={t('还没有字段')} text={t('回到“设计”，先加一个字段。')} /></div>
  return (
    <section className="preview">
      {small ? null : <Segmented<Size> value={size} onChange={setSize} options={[{ value: 'desktop', icon: <DesktopOutlined />, label: t('电脑') }, { value: 'phone', icon: <MobileOutlined />, label: t('手机') }]} />}
      {logic.isPending ? <CardSkeleton lines={6} /> : <Framed size={size} form={form} logic={logic.data ?? NO_LOGIC} />}
    </section>
  )
}
