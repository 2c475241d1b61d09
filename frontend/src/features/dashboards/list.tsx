/** The dashboards: those that packs brought and those that people made. */
import { BarChartOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { DefinitionItem, Page } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { StateTag } from '../../components/status'

const DashboardList = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const navigate = useNavigate()
  const list = useQuery({ queryKey: ['dashboards'], queryFn: () => api.get<Page<DefinitionItem>>('/dashboards') })
  const create = useMutation({
    mutationFn: async () => {
      const key = `board_${Date.now().toString(36)}`
      await api.put(`/dashboards/${key}/draft`, { definition: { kind: 'dashboard', schema_version: 1, key, name: t('新看板'), widgets: [] } })
      return key
    },
    onSuccess: (key) => {
      void queryClient.invalidateQueries({ queryKey: ['dashboards'] })
      void navigate(`/dashboards/${key}`)
    },
  })
  const mayEdit = can(user.roles, 'designer')
  const items = (list.data?.items ?? []).filter((item) => mayEdit || item.status === 'published')
  const add = mayEdit ? <Button type="primary" icon={<PlusOutlined />} loading={create.isPending} onClick={() => create.mutate()}>{t('新建看板')}</Button> : null
  return (
    <div className="page">
      <PageHeader title={t('数据看板')} text={t('把常看的数字、曲线和表放在一页')} actions={add} />
      <div className="card">
        {list.isPending ? <TableSkeleton rows={4} /> : null}
        {list.isError ? <Failed error={list.error} retry={() => void list.refetch()} /> : null}
        {list.isSuccess && items.length === 0 ? <Empty icon={<BarChartOutlined />} title={t('还没有看板')} text={t('装一个模板包会带来看板，也可以自己拼一个。')} action={add} /> : null}
        <ul className="cards">{items.map((item) => <li key={item.key}><Link className="card-row" to={`/dashboards/${item.key}`}><span className="row between"><span className="card-title">{item.name}</span><StateTag state={item.status} /></span><span className="card-meta"><Moment at={item.updated_at} /></span></Link></li>)}</ul>
      </div>
    </div>
  )
}

export default DashboardList
