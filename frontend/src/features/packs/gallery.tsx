/** The gallery: packs by need, what each brings and for whom, what is installed and still off; packs of one's own in and out. */
import { CheckCircleFilled, DownloadOutlined, InboxOutlined, SearchOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, Upload } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { Json, Page } from '../../api/types'
import { can, useMe } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { Status } from '../../components/status'
import { pick } from '../../i18n'
import { ExportDialog } from './export'
import './packs.css'
import { Picture } from './picture'
import { found } from './search'
import { type Card, KINDS } from './types'
import { rememberUpload } from './uploaded'

const Counts = ({ card }: { card: Card }) => {
  const { t } = useTranslation()
  const told = KINDS.filter(([kind]) => card.counts?.[kind]).slice(0, 4)
  return <span className="pack-counts">{told.map(([kind, word]) => <span key={kind}><b className="num">{card.counts?.[kind]}</b> {t(word)}</span>)}</span>
}

const State = ({ card }: { card: Card }) => {
  const { t } = useTranslation()
  if (!card.installed) return null
  if (card.off.length > 0) return <Status tone="warning">{t('{{n}} 项未启用', { n: card.off.length })}</Status>
  return <Status tone="good" icon={<CheckCircleFilled />}>{t('已安装 {{version}}', { version: card.installed })}</Status>
}

const PackCard = ({ card }: { card: Card }) => {
  const { t } = useTranslation()
  return (
    <Link to={`/packs/${card.key}`} className="pack-card card">
      <Picture of={card.key} name={card.name} />
      <div className="pack-card-body">
        <div className="row between"><h2>{pick(card, 'name')}</h2><State card={card} /></div>
        <p>{pick(card, 'summary')}</p>
        <Counts card={card} />
        {card.for?.length ? <small className="faint">{t('给')} {card.for.join(' · ')}</small> : null}
      </div>
    </Link>
  )
}

const UploadButton = () => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const take = async (file: File): Promise<void> => {
    try {
      rememberUpload(JSON.parse(await file.text()) as Json)
      void navigate('/packs/uploaded')
    } catch {
      void message.error(t('这不是有效的 JSON 文件'))
    }
  }
  return (
    <Upload accept=".json,application/json" showUploadList={false} beforeUpload={(file) => { void take(file); return false }}>
      <Button icon={<UploadOutlined />}>{t('上传模板包')}</Button>
    </Upload>
  )
}

const Gallery = () => {
  const { t } = useTranslation()
  const me = useMe()
  const [need, setNeed] = useState('')
  const [exporting, setExporting] = useState(false)
  const packs = useQuery({ queryKey: ['packs'], queryFn: () => api.get<Page<Card>>('/packs') })
  const items = useMemo(() => packs.data?.items ?? [], [packs.data])
  const shown = useMemo(() => found(items, need), [items, need])
  const off = items.reduce((sum, card) => sum + card.off.length, 0)
  const designs = can(me.user.roles, 'designer')
  return (
    <div className="page">
      <PageHeader
        title={t('模板包')}
        text={t('别人跑通的做法，装上就能用：表单、规则、流程、通知和看板一次到位，随时可以撤销')}
        actions={designs ? <><Button icon={<DownloadOutlined />} onClick={() => setExporting(true)}>{t('导出我的')}</Button><UploadButton /></> : null}
      />
      {off > 0 ? <Alert type="warning" showIcon className="pack-banner" title={t('已安装的模板包里还有 {{n}} 项没有启用：打开它看看会做什么，再确认', { n: off })} /> : null}
      <Input allowClear size="large" prefix={<SearchOutlined />} placeholder={t('说说你的需要：大促前备多少、卖不掉的怎么办、仓库之间调货…')} aria-label={t('按需要找模板包')} value={need} onChange={(event) => setNeed(event.target.value)} className="pack-search" />
      {packs.isPending ? <div className="pack-grid">{[0, 1, 2, 3, 4, 5].map((one) => <div key={one} className="card"><CardSkeleton /></div>)}</div> : null}
      {packs.isError ? <div className="card"><Failed error={packs.error} retry={() => void packs.refetch()} /></div> : null}
      {packs.isSuccess && shown.length === 0 ? <div className="card"><Empty icon={<InboxOutlined />} title={t('没有找到合适的模板包')} text={t('换个说法试试，或上传一个')} /></div> : null}
      <div className="pack-grid">{shown.map((card) => <PackCard key={card.key} card={card} />)}</div>
      {exporting ? <ExportDialog onClose={() => setExporting(false)} /> : null}
    </div>
  )
}

export default Gallery
