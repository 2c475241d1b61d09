/** Message templates: what the notices say, per channel and language, seen on a real alert at the size of a phone. */
import { FileTextOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Definition, DefinitionItem, Page } from '../../api/types'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { Editor } from './editor'
import type { Template } from './model'
import './templates.css'

const Open = ({ itemKey, onClose }: { itemKey: string; onClose: () => void }) => {
  const found = useQuery({ queryKey: ['message-templates', itemKey], queryFn: () => api.get<Definition<Template>>(`/message-templates/${itemKey}`), staleTime: 0 })
  if (found.isPending) return <CardSkeleton />
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  return <Editor initial={(found.data.draft?.definition ?? found.data.definition) as Template} isNew={false} onClose={onClose} />
}

const TemplatesPage = () => {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string | null>(null)
  const list = useQuery({ queryKey: ['message-templates'], queryFn: () => api.get<Page<DefinitionItem>>('/message-templates') })
  const items = list.data?.items ?? []
  const add = <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('')}>{t('新模板')}</Button>
  if (open !== null) {
    return (
      <div className="page">
        <PageHeader title={open ? (items.find((item) => item.key === open)?.name ?? t('消息模板')) : t('新模板')} text={t('左边写，右边立刻看到它在手机上的样子')} actions={<Button onClick={() => setOpen(null)}>{t('返回列表')}</Button>} />
        {open ? <Open itemKey={open} onClose={() => setOpen(null)} /> : <Editor initial={null} isNew onClose={() => setOpen(null)} />}
      </div>
    )
  }
  return (
    <div className="page narrow">
      <PageHeader title={t('消息模板')} text={t('不写模板就用内置的中英文内容；想换说法、想精简，在这里改')} actions={add} />
      <div className="card">
        {list.isPending ? <CardSkeleton /> : null}
        {list.isError ? <Failed error={list.error} retry={() => void list.refetch()} /> : null}
        {list.isSuccess && items.length === 0 ? <Empty icon={<FileTextOutlined />} title={t('还没有自己的模板')} text={t('现在用的是内置内容，列出在库、占用、在途、日均、可售天数和建议采购量。')} action={add} /> : null}
        <ul className="cards">
          {items.map((item) => (
            <li key={item.key} className="template-row">
              <span className="grow"><button type="button" className="cell-title" onClick={() => setOpen(item.key)}>{item.name}</button><small className="faint block">{item.key} · <Moment at={item.updated_at} /></small></span>
              <StateTag state={item.status} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

export default TemplatesPage
