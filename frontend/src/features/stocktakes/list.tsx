/** Stocktakes: begin one, go on counting, see what waits for approval. */
import { AuditOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { Page, RecordItem } from '../../api/types'
import { useMe } from '../../app/query'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { ListView } from '../../components/list-view'
import { useList } from '../../components/use-list'
import { sayNumber } from '../../lib/numbers'
import { differences, SheetState, type SheetLine } from './sheet'
import './stocktakes.css'

const linesOf = (record: RecordItem): SheetLine[] => (record.values.lines ?? []) as unknown as SheetLine[]

const counted = (record: RecordItem): string => `${sayNumber(linesOf(record).filter((line) => line.counted !== null).length)} / ${sayNumber(linesOf(record).length)}`

const Begin = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [warehouse, setWarehouse] = useState<string>()
  const places = useQuery({ queryKey: ['warehouses'], queryFn: () => api.get<Page<RecordItem>>('/forms/warehouse/records', { limit: 200 }) })
  const begin = useMutation({ mutationFn: () => api.post<RecordItem>('/stocktakes', { warehouse }), onSuccess: (made) => void navigate(`/stocktakes/${made.id}`) })
  return (
    <Modal open title={t('开始盘点')} okText={t('开始')} cancelText={t('取消')} okButtonProps={{ disabled: !warehouse }} confirmLoading={begin.isPending} onOk={() => begin.mutate()} onCancel={onClose} destroyOnHidden>
      <p className="soft">{t('选一个仓库，生成它全部商品的盘点单；可以只盘一部分，没盘的不会调整。')}</p>
      <Select aria-label={t('仓库')} size="large" placeholder={t('选择仓库')} value={warehouse} onChange={setWarehouse} options={(places.data?.items ?? []).map((item) => ({ value: String(item.values.code), label: String(item.values.name ?? item.values.code) }))} style={{ width: '100%', marginTop: 12 }} />
    </Modal>
  )
}

const StocktakesPage = () => {
  const { t } = useTranslation()
  const me = useMe()
  const [open, setOpen] = useState(false)
  const navigate = useNavigate()
  const list = useList<RecordItem>('/forms/stocktake/records', { sort: '-created_at' })
  const may = me.user.roles.some((role) => ['admin', 'designer', 'operator'].includes(role))
  const begin = may ? <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)}>{t('开始盘点')}</Button> : null
  return (
    <div className="page narrow">
      <PageHeader title={t('盘点')} text={t('盘到的差异经主管审批后才调整库存')} actions={begin} />
      <div className="card">
        <ListView
          list={list}
          rowKey={(record) => record.id}
          onOpen={(record) => void navigate(`/stocktakes/${record.id}`)}
          width={760}
          columns={[
            { title: t('盘点单'), key: 'code', width: 160, render: (_, record) => <Link className="cell-title num" to={`/stocktakes/${record.id}`}>{String(record.values.code)}</Link> },
            { title: t('仓库'), key: 'warehouse', width: 130, render: (_, record) => record.labels?.warehouse ?? String(record.values.warehouse) },
            { title: t('已盘'), key: 'counted', width: 100, align: 'right', render: (_, record) => <span className="num">{counted(record)}</span> },
            { title: t('差异'), key: 'differences', width: 100, align: 'right', render: (_, record) => <span className="num">{sayNumber(differences(linesOf(record)).length)}</span> },
            { title: t('盘点日期'), key: 'day', width: 120, render: (_, record) => <Moment at={record.values.counted_on as string | null} day /> },
            { title: t('状态'), key: 'status', width: 110, render: (_, record) => <SheetState state={String(record.values.status)} /> },
          ]}
          card={(record) => <Link className="card-row" to={`/stocktakes/${record.id}`}><span className="row between"><span className="card-title">{record.labels?.warehouse ?? String(record.values.warehouse)}</span><SheetState state={String(record.values.status)} /></span><span className="card-meta num">{String(record.values.code)} · {t('已盘')} {counted(record)} · {t('差异')} {differences(linesOf(record)).length}</span></Link>}
          empty={<Empty icon={<AuditOutlined />} title={t('还没有盘点过')} text={t('每天盘一小部分，系统里的数就一直是准的。')} action={begin} />}
        />
      </div>
      {open ? <Begin onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

export default StocktakesPage
