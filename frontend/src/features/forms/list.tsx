/** The forms to design: what each holds, its state, and ways to a new one: empty, from a file, or as a copy. */
import { CopyOutlined, DatabaseOutlined, EditOutlined, FileExcelOutlined, PlusOutlined, SearchOutlined, TableOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import PinyinMatch from 'pinyin-match'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { FormItem, Page } from '../../api/types'
import { can, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { StateTag, Status } from '../../components/status'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { FromFile } from './from-file'
import { NewForm } from './new-form'
import './forms.css'

type Item = FormItem & { name_en?: string }

const FormRow = ({ form, mayDesign, onCopy }: { form: Item; mayDesign: boolean; onCopy: () => void }) => {
  const { t } = useTranslation()
  const published = form.status !== 'draft'
  return (
    <li className="form-row">
      <span className="form-icon" aria-hidden="true">{form.storage === 'facts' ? <DatabaseOutlined /> : <TableOutlined />}</span>
      <span className="grow">
        <Link className="cell-title" to={mayDesign ? `/forms/${form.key}/design` : `/records/${form.key}`}>{pick(form, 'name')}</Link>
        <small className="faint num">{[form.key, form.fields === undefined ? '' : t('{{n}} 个字段', { n: form.fields }), typeof form.records === 'number' ? t('{{n}} 条记录', { n: sayNumber(form.records) }) : ''].filter(Boolean).join(' · ')}</small>
      </span>
      {form.problems > 0 ? <Status tone="warning">{t('{{n}} 处要改', { n: form.problems })}</Status> : null}
      <StateTag state={form.status} plain />
      <span className="form-when faint"><Moment at={form.updated_at} /></span>
      <span className="row form-actions">
        {published ? <Link to={`/records/${form.key}`} className="plain-link">{t('记录')}</Link> : null}
        {mayDesign ? <Link to={`/forms/${form.key}/design`} className="plain-link" aria-label={t('设计“{{name}}”', { name: form.name })}><EditOutlined aria-hidden="true" /> {t('设计')}</Link> : null}
        {mayDesign ? <Button type="text" icon={<CopyOutlined />} aria-label={t('复制“{{title}}”', { title: form.name })} onClick={onCopy} /> : null}
      </span>
    </li>
  )
}

const FormsPage = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const mayDesign = can(user.roles, 'designer')
  const [word, setWord] = useState('')
  const [fresh, setFresh] = useState<{ copyOf?: string } | null>(null)
  const [fromFile, setFromFile] = useState(false)
  const forms = useQuery({ queryKey: ['forms'], queryFn: () => api.get<Page<Item>>('/forms') })
  const wanted = word.trim().toLowerCase()
  const found = (forms.data?.items ?? []).filter((form) => wanted === '' || `${form.name} ${form.name_en ?? ''} ${form.key}`.toLowerCase().includes(wanted) || PinyinMatch.match(form.name, wanted) !== false)
  const actions = mayDesign ? (
    <>
      <Button icon={<FileExcelOutlined />} onClick={() => setFromFile(true)}>{t('从 Excel 新建')}</Button>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => setFresh({})}>{t('新建表单')}</Button>
    </>
  ) : null
  return (
    <div className="page">
      <PageHeader title={t('表单')} text={t('每张表单就是一种记录：画出来，发布，大家就能填写、导入和写公式')} actions={actions} />
      <div className="card">
        <div className="toolbar"><Input allowClear prefix={<SearchOutlined />} aria-label={t('搜索表单')} placeholder={t('搜索表单')} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 260 }} /></div>
        {forms.isPending ? <CardSkeleton lines={6} /> : null}
        {forms.isError ? <Failed error={forms.error} retry={() => void forms.refetch()} /> : null}
        {forms.isSuccess && found.length === 0 ? (wanted ? <Empty title={t('没有找到')} text={t('换个词试试。')} /> : <Empty title={t('还没有表单')} text={t('手里有 Excel 表？直接变成表单，字段类型会猜好。')} action={actions ? <span className="row">{actions}</span> : null} />) : null}
        <ul className="form-rows">{found.map((form) => <FormRow key={form.key} form={form} mayDesign={mayDesign} onCopy={() => setFresh({ copyOf: form.key })} />)}</ul>
      </div>
      {fresh ? <NewForm copyOf={fresh.copyOf} taken={(forms.data?.items ?? []).map((form) => form.key)} onClose={() => setFresh(null)} /> : null}
      {fromFile ? <FromFile taken={(forms.data?.items ?? []).map((form) => form.key)} onClose={() => setFromFile(false)} /> : null}
    </div>
  )
}

export default FormsPage
