/** The forms: what kinds of records there are, and the way into each. */
import { DatabaseOutlined, RightOutlined, SearchOutlined, TableOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { FormItem, Page } from '../../api/types'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import './records.css'

const FormCard = ({ form }: { form: FormItem & { name_en?: string } }) => {
  const { t } = useTranslation()
  const facts = form.storage === 'facts'
  return (
    <Link className="form-card" to={`/records/${form.key}`}>
      <span className="form-icon" aria-hidden="true">{facts ? <DatabaseOutlined /> : <TableOutlined />}</span>
      <span className="grow">
        <strong>{pick(form, 'name')}</strong>
        <small className="faint num">{typeof form.records !== 'number' ? form.key : t('{{n}} 条记录', { n: sayNumber(form.records) })}{form.fields === undefined ? '' : ` · ${t('{{n}} 个字段', { n: form.fields })}`}</small>
      </span>
      {form.status === 'published' ? <RightOutlined className="faint" aria-hidden="true" /> : <StateTag state={form.status} plain />}
    </Link>
  )
}

const FormsPage = () => {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const forms = useQuery({ queryKey: ['forms'], queryFn: () => api.get<Page<FormItem & { name_en?: string }>>('/forms') })
  const found = (forms.data?.items ?? []).filter((form) => `${form.name} ${form.name_en ?? ''} ${form.key}`.toLowerCase().includes(word.trim().toLowerCase()))
  return (
    <div className="page">
      <PageHeader title={t('表单')} text={t('商品、仓库、库存、供应商……每一种记录都在这里')} actions={<Input allowClear prefix={<SearchOutlined />} aria-label={t('搜索表单')} placeholder={t('搜索表单')} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 220 }} />} />
      {forms.isPending ? <div className="card"><CardSkeleton lines={6} /></div> : null}
      {forms.isError ? <div className="card"><Failed error={forms.error} retry={() => void forms.refetch()} /></div> : null}
      {forms.isSuccess && found.length === 0 ? <div className="card"><Empty title={t('没有找到')} text={t('换个词试试。')} /></div> : null}
      <div className="form-grid">{found.map((form) => <FormCard key={form.key} form={form} />)}</div>
    </div>
  )
}

export default FormsPage
