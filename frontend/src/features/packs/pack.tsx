/** One pack: what it is, its inputs, the preview, the installation, and what can be done with it afterwards. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Checkbox, Form, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../../api/client'
import { can, queryClient, useMe } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Failed, PageSkeleton } from '../../components/states'
import { Status } from '../../components/status'
import { pick } from '../../i18n'
import { filledIn, type Schema } from '../../schema_form/schema'
import { SchemaFields } from '../../schema_form/schema-fields'
import { Contents, TryOut } from './about'
import { newer } from './newer'
import './packs.css'
import { Picture } from './picture'
import { PreviewCards } from './preview'
import { type Answers, type Installed, kindName, type Named, type PackDetail, type Preview } from './types'
import { sourceOf, uploaded } from './uploaded'

/** Titles of inputs in both languages, as the schema form reads them. */
const titled = (schema: Schema): Schema => ({
  ...schema,
  properties: Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, { ...one, title_en: (one as Record<string, string>)['x-title-en'] }])),
})

const defaultsOf = (schema: Schema): Record<string, unknown> => Object.fromEntries(Object.entries(schema.properties ?? {}).flatMap(([name, one]) => (one.default === undefined ? [] : [[name, one.default]])))

const refresh = (): void => void queryClient.invalidateQueries()

const Waiting = ({ packKey, off }: { packKey: string; off: Named[] }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const names = off.map((one) => `${one.kind}/${one.key}`)
  const [chosen, setChosen] = useState<string[]>(names)
  const confirm = useMutation({
    mutationFn: () => api.post<{ on: string[] }>(`/packs/${packKey}/confirm`, { only: chosen }),
    onSuccess: (done) => {
      void message.success(t('已启用 {{n}} 项', { n: done.on.length }))
      refresh()
    },
  })
  return (
    <section className="card pad pack-waiting">
      <h2>{t('{{n}} 项等你确认才开始', { n: off.length })}</h2>
      <Checkbox.Group value={chosen} onChange={setChosen} className="pack-checks" options={off.map((one) => ({ value: `${one.kind}/${one.key}`, label: <>{one.name} <span className="faint">{t(kindName(one.kind))}</span></> }))} />
      <Button type="primary" disabled={chosen.length === 0} loading={confirm.isPending} onClick={() => confirm.mutate()}>{t('启用选中的 {{n}} 项', { n: chosen.length })}</Button>
    </section>
  )
}

const Manage = ({ pack }: { pack: PackDetail }) => {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const act = useMutation({
    mutationFn: (what: 'undo' | 'remove') => api.post<{ archived: string[]; restored?: string[]; kept: string[] }>(`/packs/${pack.key}/${what}`),
    onSuccess: (done, what) => {
      void message.success(what === 'undo' ? t('已撤销：恢复 {{n}} 项，归档 {{m}} 项，数据都在', { n: done.restored?.length ?? 0, m: done.archived.length }) : t('已移除：归档 {{m}} 项，保留 {{n}} 项，数据都在', { n: done.kept.length, m: done.archived.length }))
      refresh()
    },
  })
  const ask = (what: 'undo' | 'remove'): void => {
    const words = what === 'undo' ? { title: t('撤销上一次安装？'), content: t('定义回到安装之前，数据保留，之后改过的不动'), okText: t('撤销') } : { title: t('移除这个模板包？'), content: t('有数据的表单和你改过的定义会留下'), okText: t('移除') }
    modal.confirm({ ...words, okButtonProps: { danger: what === 'remove' }, cancelText: t('取消'), onOk: () => act.mutateAsync(what) })
  }
  return (
    <>
      <Button loading={act.isPending && act.variables === 'undo'} onClick={() => ask('undo')}>{t('撤销安装')}</Button>
      <Button danger loading={act.isPending && act.variables === 'remove'} onClick={() => ask('remove')}>{t('移除')}</Button>
    </>
  )
}

const usePack = (key: string) =>
  useQuery({
    queryKey: ['packs', key],
    queryFn: () => (key === 'uploaded' ? api.post<PackDetail>('/packs/show', { pack: uploaded() }) : api.get<PackDetail>(`/packs/${key}`)),
    enabled: key !== 'uploaded' || uploaded() !== null,
  })

const Wizard = ({ pack, source, onDone, onCancel }: { pack: PackDetail; source: string; onDone: (done: Installed) => void; onCancel: () => void }) => {
  const { t } = useTranslation()
  const [form] = Form.useForm<{ inputs: Record<string, unknown> }>()
  const schema = titled(pack.inputs)
  const asks = Object.keys(schema.properties ?? {}).length > 0
  const [step, setStep] = useState(asks ? 0 : 1)
  const [answers, setAnswers] = useState<Answers>({ inputs: { ...defaultsOf(schema), ...pack.given }, choices: {}, people: {}, channels: {} })
  const body = { pack: sourceOf(source), ...answers }
  const preview = useQuery({ queryKey: ['packs', source, 'preview', answers], queryFn: () => api.post<Preview>('/packs/preview', body), enabled: step === 1, placeholderData: (before) => before })
  const install = useMutation({ mutationFn: () => api.post<Installed>('/packs/install', body), onSuccess: onDone })
  const ready = preview.isSuccess && preview.data.problems.length === 0 && preview.data.tests.every((one) => one.passed) && preview.data.signature.state !== 'broken'
  return (
    <div className="stack">
      <Steps size="small" current={step} items={[{ title: t('填写') }, { title: t('预览') }, { title: t('启用') }]} />
      {step === 0 ? (
        <section className="card pad">
          <Form form={form} layout="vertical" initialValues={{ inputs: answers.inputs }} onFinish={(values) => { setAnswers({ ...answers, inputs: filledIn(values.inputs) }); setStep(1) }}>
            <SchemaFields schema={schema} prefix="inputs" />
          </Form>
        </section>
      ) : null}
      {step === 1 && preview.isPending ? <div className="card"><CardSkeleton lines={8} /></div> : null}
      {step === 1 && preview.isError ? <div className="card"><Failed error={preview.error} retry={() => void preview.refetch()} /></div> : null}
      {step === 1 && preview.data ? <PreviewCards preview={preview.data} answers={answers} onAnswer={(change) => setAnswers({ ...answers, ...change })} /> : null}
      <div className="pack-foot">
        <Button onClick={() => (step === 1 && asks ? setStep(0) : onCancel())}>{step === 1 && asks ? t('上一步') : t('取消')}</Button>
        {step === 0 ? <Button type="primary" onClick={() => form.submit()}>{t('下一步：预览')}</Button> : <Button type="primary" disabled={!ready} loading={install.isPending} onClick={() => install.mutate()}>{pack.installed ? t('升级') : t('安装')}</Button>}
      </div>
    </div>
  )
}

const PackPage = () => {
  const { t } = useTranslation()
  const me = useMe()
  const { key = '' } = useParams()
  const [installing, setInstalling] = useState(false)
  const pack = usePack(key)
  const back = { to: '/packs', label: t('模板包') }
  if (key === 'uploaded' && uploaded() === null) return <div className="page"><PageHeader title={t('上传的模板包')} back={back} /><Alert type="info" showIcon title={t('页面刷新后要重新选择文件')} /></div>
  if (pack.isPending) return <PageSkeleton />
  if (pack.isError) return <div className="page"><PageHeader title={t('模板包')} back={back} /><div className="card"><Failed error={pack.error} retry={() => void pack.refetch()} /></div></div>
  const it = pack.data
  const admin = can(me.user.roles, 'admin')
  const upgrade = it.installed !== null && newer(it.version, it.installed)
  const label = it.installed === null ? t('安装') : upgrade ? t('升级到 {{version}}', { version: it.version }) : t('改填写项')
  const tag = it.installed ? <Status tone="good">{t('已安装 {{version}}', { version: it.installed })}</Status> : null
  return (
    <div className="page">
      <PageHeader
        title={pick(it, 'name')}
        text={pick(it, 'summary')}
        back={back}
        tag={tag}
        actions={admin && !installing ? <>{it.installed ? <Manage pack={it} /> : null}<Button type="primary" onClick={() => setInstalling(true)}>{label}</Button></> : null}
      />
      <div className={`grid-2 pack-page${installing ? ' installing' : ''}`}>
        <div className="stack">
          {it.installed && it.off.length > 0 && admin && !installing ? <Waiting key={it.off.map((one) => one.key).join()} packKey={it.key} off={it.off} /> : null}
          {installing ? <Wizard pack={it} source={key} onCancel={() => setInstalling(false)} onDone={() => { setInstalling(false); refresh() }} /> : (
            <>
              {pick(it, 'description') ? <section className="card pad"><p className="pack-description">{pick(it, 'description')}</p></section> : null}
              {can(me.user.roles, 'designer') && it.tested ? <TryOut packKey={key} /> : null}
            </>
          )}
        </div>
        <aside className="card pack-side"><Picture of={key} name={it.name} /><Contents pack={it} /></aside>
      </div>
    </div>
  )
}

export default PackPage
