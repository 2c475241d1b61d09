/** The routes: who is told of which alerts; and who is on call. */
import { BranchesOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { DefinitionItem, Page } from '../../api/types'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Person } from '../../components/person'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { Rotas } from './rotas'
import './routes.css'

const NewRoute = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [form] = Form.useForm<{ key: string; name: string }>()
  return (
    <Modal open title={t('新路由')} okText={t('下一步')} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" onFinish={({ key, name }) => void navigate(`/routes/${key}?name=${encodeURIComponent(name)}`)}>
        <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('起个名字') }]}><Input placeholder={t('例如：采购')} /></Form.Item>
        <Form.Item name="key" label={t('标识')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,54}$/, message: t('小写字母开头，只含小写字母、数字和下划线') }]}><Input placeholder="buyers" /></Form.Item>
      </Form>
    </Modal>
  )
}

const RoutesPage = () => {
  const { t } = useTranslation()
  const [creating, setCreating] = useState(false)
  const routes = useQuery({ queryKey: ['routes'], queryFn: () => api.get<Page<DefinitionItem>>('/routes') })
  const add = <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>{t('新路由')}</Button>
  return (
    <div className="page narrow">
      <PageHeader title={t('通知路由')} text={t('规则报警后，由路由决定通知谁、走哪个渠道、没人处理时升级给谁')} actions={add} />
      <div className="card">
        {routes.isPending ? <CardSkeleton /> : null}
        {routes.isError ? <Failed error={routes.error} retry={() => void routes.refetch()} /> : null}
        {routes.data?.items.length === 0 ? <Empty icon={<BranchesOutlined />} title={t('还没有路由')} text={t('没有路由时，预警只通知管理员的站内消息。')} action={add} /> : null}
        <ul className="cards">
          {routes.data?.items.map((item) => (
            <li key={item.key} className="route-row">
              <span className="grow"><Link className="cell-title" to={`/routes/${item.key}`}>{item.name}</Link><small className="faint block">{item.key} · <Person of={item.updated_by} /> · <Moment at={item.updated_at} /></small></span>
              <StateTag state={item.status} />
            </li>
          ))}
        </ul>
      </div>
      <Rotas />
      {creating ? <NewRoute onClose={() => setCreating(false)} /> : null}
    </div>
  )
}

export default RoutesPage
