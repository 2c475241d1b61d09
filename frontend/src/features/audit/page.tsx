/** The audit trail: who did what to what, with the state before and after; and whether the log is whole. */
import { AuditOutlined, SafetyCertificateOutlined, SearchOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Drawer, Input, Select } from 'antd'
import type { TFunction } from 'i18next'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { AuditEntry } from '../../api/types'
import { can, useMe } from '../../app/query'
import { type Columns, ListView } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { Person } from '../../components/person'
import { PageHeader } from '../../components/page-header'
import { Empty } from '../../components/states'
import { useList } from '../../components/use-list'
import { pick } from '../../i18n'
import { changed, difference } from '../../lib/difference'

const KINDS: [string, string][] = [['run', '运行'], ['rule', '规则'], ['form', '表单'], ['record', '记录'], ['workflow', '流程'], ['alert', '预警'], ['instance', '审批'], ['import', '导入'], ['user', '用户'], ['session', '登录'], ['channel', '渠道'], ['pack', '模板']]
const kindName = (kind: string): string => KINDS.find(([key]) => key === kind.split(':')[0])?.[1] ?? kind

const auditColumns = (t: TFunction): Columns<AuditEntry> => [
  { title: t('时间'), key: 'at', width: 140, render: (_, item) => <Moment at={item.at} /> },
  { title: t('谁'), key: 'actor', width: 120, render: (_, item) => <Person of={item.actor} /> },
  { title: t('做了什么'), key: 'summary', width: 440, render: (_, item) => <span className="ellipsis block" title={pick(item, 'summary')}>{pick(item, 'summary') || item.action}</span> },
  { title: t('对象'), key: 'subject', width: 240, render: (_, item) => <span className="soft ellipsis block">{t(kindName(item.subject.kind))} <span className="mono">{[item.subject.kind.split(':')[1], item.subject.key].filter(Boolean).join(' ')}</span></span> },
]

const Detail = ({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) => {
  const { t } = useTranslation()
  const lines = useMemo(() => changed(difference(entry.before ?? {}, entry.after ?? {}), 1), [entry])
  return (
    <Drawer open size={600} title={pick(entry, 'summary') || entry.action} onClose={onClose}>
      <dl className="facts">
        <div><dt>{t('时间')}</dt><dd><Moment at={entry.at} /></dd></div>
        <div><dt>{t('谁')}</dt><dd><Person of={entry.actor} /></dd></div>
        <div><dt>{t('动作')}</dt><dd className="mono">{entry.action}</dd></div>
        <div><dt>{t('对象')}</dt><dd className="mono">{entry.subject.kind} {entry.subject.key}</dd></div>
      </dl>
      <h3 className="drawer-title">{t('前后对比')}</h3>
      {lines.length === 0 ? <p className="faint">{t('没有记录前后内容')}</p> : <pre className="diff">{lines.map((line, index) => <span key={index} className={line.kind}>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '} {line.text}{'\n'}</span>)}</pre>}
    </Drawer>
  )
}

interface Verified {
  sound: boolean
  rows: number
  sealed: number
}

const Verify = () => {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const verify = useMutation({
    mutationFn: () => api.get<Verified>('/audit/verify'),
    onSuccess: (answer) => {
      const show = answer.sound ? modal.success : modal.error
      show({ title: answer.sound ? t('审计记录完整') : t('审计记录被动过'), content: t('共 {{rows}} 条，已封存 {{sealed}} 条', { rows: answer.rows, sealed: answer.sealed }) })
    },
  })
  return <Button icon={<SafetyCertificateOutlined />} loading={verify.isPending} onClick={() => verify.mutate()}>{t('校验完整性')}</Button>
}

const AuditPage = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [word, setWord] = useState('')
  const [kind, setKind] = useState<string>()
  const [open, setOpen] = useState<AuditEntry | null>(null)
  const list = useList<AuditEntry>('/audit', { q: useDeferredValue(word), kind })
  const columns = useMemo(() => auditColumns(t), [t])
  return (
    <div className="page">
      <PageHeader title={t('审计')} text={t('谁在什么时候改了什么，只能增加，不能修改')} actions={can(user.roles) ? <Verify /> : null} />
      <div className="card">
        <div className="toolbar">
          <Select allowClear aria-label={t('对象')} placeholder={t('对象')} value={kind} onChange={setKind} style={{ width: 140 }} options={KINDS.map(([value, label]) => ({ value, label: t(label) }))} />
          <Input allowClear prefix={<SearchOutlined />} aria-label={t('搜索审计')} placeholder={t('搜索内容')} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 260 }} />
        </div>
        <ListView
          list={list}
          columns={columns}
          rowKey={(item) => item.id}
          onOpen={setOpen}
          width={940}
          card={(item) => <button type="button" className="card-row" onClick={() => setOpen(item)}><span>{pick(item, 'summary') || item.action}</span><span className="card-meta"><Person of={item.actor} /> · <Moment at={item.at} /></span></button>}
          empty={<Empty icon={<AuditOutlined />} title={t('没有记录')} text={t('换一个条件试试。')} />}
        />
      </div>
      {open ? <Detail entry={open} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

export default AuditPage
