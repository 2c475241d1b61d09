/** One record beside its list: its fields, who changed what, what people say; the whole page is one click away. */
import { ExpandOutlined } from '@ant-design/icons'
import { Button, Drawer, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { FormDefinition, RecordItem } from '../../api/types'
import { CardSkeleton, Failed } from '../../components/states'
import { pick } from '../../i18n'
import { Comments } from './comments'
import { RecordEditor } from './editor'
import { History } from './history'
import { useAccess } from './use-access'
import { recordTitle, useFormDefinition } from './use-form'
import './records.css'

interface Props {
  form: string
  record: RecordItem | null
  onClose: () => void
}

const Tabbed = ({ definition, record, onClose }: { definition: FormDefinition; record: RecordItem; onClose: () => void }) => {
  const { t } = useTranslation()
  const access = useAccess(definition.key)
  const [tab, setTab] = useState('fields')
  return (
    <Tabs activeKey={tab} onChange={setTab} items={[
      { key: 'fields', label: t('内容'), children: <RecordEditor form={definition} record={record} access={access.data} onClose={onClose} onSaved={onClose} /> },
      { key: 'history', label: t('修改记录'), children: tab === 'history' ? <History form={definition.key} record={record} fields={definition.fields} /> : null },
      { key: 'comments', label: t('评论'), children: tab === 'comments' ? <Comments form={definition.key} record={record} /> : null },
    ]} />
  )
}

export const RecordDrawer = ({ form, record, onClose }: Props) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const access = useAccess(form)
  const definition = useFormDefinition(form)
  const document = definition.data?.definition
  const title = document ? (record ? recordTitle(document, record) : t('新增{{form}}', { form: pick(document, 'name') })) : ''
  return (
    <Drawer open size={720} title={title} onClose={onClose} destroyOnHidden extra={<Button type="text" icon={<ExpandOutlined />} aria-label={t('整页打开')} onClick={() => void navigate(`/records/${form}/${record?.id ?? 'new'}`)} />}>
      {definition.isPending ? <CardSkeleton lines={8} /> : null}
      {definition.isError ? <Failed error={definition.error} retry={() => void definition.refetch()} /> : null}
      {document && record ? <Tabbed definition={document} record={record} onClose={onClose} /> : null}
      {document && !record ? <RecordEditor form={document} record={null} access={access.data} onClose={onClose} onSaved={onClose} /> : null}
    </Drawer>
  )
}
