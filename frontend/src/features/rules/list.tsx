/** The rules: what each one watches, when it runs, what it found. */
import { CopyOutlined, ExperimentOutlined, MoreOutlined, PauseCircleOutlined, PlayCircleOutlined, PlusOutlined, QuestionCircleOutlined, SearchOutlined, SlidersOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Dropdown, Input, Table } from 'antd'
import type { TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { Definition, Page, RuleDefinition, RuleItem } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import type { Columns } from '../../components/list-view'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { LevelTag, StateTag, Status } from '../../components/status'
import { usePhone } from '../../components/use-phone'
import { language } from '../../i18n'
import { sayNumber, saySeconds } from '../../lib/numbers'
import { freshKey } from './lib/keys'
import { saySchedule } from './lib/schedule'
import './rules.css'

export const RuleState = ({ rule }: { rule: Pick<RuleItem, 'status' | 'enabled' | 'problems' | 'trial'> }) => {
  const { t } = useTranslation()
  if (rule.problems > 0) return <Status tone="critical">{t('{{n}} 处问题', { n: rule.problems })}</Status>
  if (rule.status === 'published' && rule.enabled && rule.trial && rule.trial.until >= new Date().toISOString().slice(0, 10)) return <Status tone="info" icon={<ExperimentOutlined />}>{t('试运行')}</Status>
  if (rule.status === 'published') return rule.enabled ? <Status tone="good" icon={<PlayCircleOutlined />}>{t('运行中')}</Status> : <StateTag state="disabled" />
  return <StateTag state={rule.status} />
}

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['rules'] })

const RowMenu = ({ rule }: { rule: RuleItem }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const toggle = useMutation({
    mutationFn: () => api.post(`/rules/${rule.key}/${rule.enabled ? 'disable' : 'enable'}`),
    onSuccess: () => {
      void message.success(rule.enabled ? t('已停用，不再运行') : t('已启用'))
      refresh()
    },
  })
  const copy = useMutation({
    mutationFn: async () => {
      const original = await api.get<Definition<RuleDefinition>>(`/rules/${rule.key}`)
      const definition = original.draft?.definition ?? original.definition
      const key = freshKey(rule.key)
      await api.put(`/rules/${key}/draft`, { definition: { ...definition, key, name: t('{{name}} 副本', { name: rule.name }) } })
      return key
    },
    onSuccess: (key) => {
      refresh()
      void navigate(`/rules/${key}`)
    },
  })
  const items = [
    { key: 'copy', icon: <CopyOutlined />, label: t('复制一条') },
    ...(rule.status === 'published' || rule.status === 'disabled' ? [{ key: 'toggle', icon: rule.enabled ? <PauseCircleOutlined /> : <PlayCircleOutlined />, label: rule.enabled ? t('停用') : t('启用') }] : []),
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => (key === 'copy' ? copy.mutate() : toggle.mutate()) }}>
      <Button type="text" icon={<MoreOutlined />} aria-label={t('{{name}} 的更多操作', { name: rule.name })} loading={copy.isPending || toggle.isPending} />
    </Dropdown>
  )
}

const ruleColumns = (t: TFunction, mayEdit: boolean): Columns<RuleItem> => [
  { title: t('规则'), dataIndex: 'name', render: (_, rule) => <div className="cell-two"><Link className="cell-title" to={`/rules/${rule.key}`}>{rule.name}</Link><small className="mono">{rule.key}</small></div> },
  { title: t('状态'), key: 'state', width: 120, render: (_, rule) => <RuleState rule={rule} /> },
  { title: t('级别'), key: 'levels', width: 168, render: (_, rule) => <span className="chips">{rule.levels.map((level) => <LevelTag key={level} level={level} plain />)}</span> },
  { title: t('什么时候'), key: 'schedule', width: 220, render: (_, rule) => <span className="soft">{saySchedule(rule.schedule, language())}</span> },
  { title: t('正在告警'), dataIndex: 'firing', align: 'right', width: 100, sorter: (one, other) => one.firing - other.firing, render: (_, rule) => <span className={rule.firing > 0 ? 'strong' : 'faint'}>{sayNumber(rule.firing)}</span> },
  { title: t('近 7 天'), dataIndex: 'alerts_7d', align: 'right', width: 96, render: (_, rule) => sayNumber(rule.alerts_7d) },
  { title: t('上次运行'), key: 'last', width: 150, render: (_, rule) => <div className="cell-two"><Moment at={rule.last_run?.at} />{rule.unknown > 0 ? <Link to={`/rules/unknown?rule=${rule.key}`}><small>{t('{{n}} 个无法判断', { n: sayNumber(rule.unknown) })}</small></Link> : null}</div> },
  { title: t('每次开销'), key: 'cost', align: 'right', width: 110, render: (_, rule) => (rule.cost ? <div className="cell-two"><span>{t('{{n}} 秒', { n: saySeconds(rule.cost.seconds) })}</span><small>{t('{{n}} 行', { n: sayNumber(rule.cost.rows) })}</small></div> : <span className="faint">—</span>) },
  ...(mayEdit ? [{ title: '', key: 'more', width: 56, render: (_: unknown, rule: RuleItem) => <RowMenu rule={rule} /> }] : []),
]

const RuleCard = ({ rule }: { rule: RuleItem }) => {
  const { t } = useTranslation()
  return (
    <Link className="card-row" to={`/rules/${rule.key}`}>
      <span className="row between"><span className="card-title">{rule.name}</span><RuleState rule={rule} /></span>
      <span className="card-meta num">{saySchedule(rule.schedule, language())} · {t('正在告警 {{n}}', { n: sayNumber(rule.firing) })}</span>
    </Link>
  )
}

const Rules = ({ items }: { items: RuleItem[] }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const phone = usePhone()
  const navigate = useNavigate()
  const columns = useMemo(() => ruleColumns(t, can(user.roles, 'designer')), [t, user.roles])
  if (phone) return <ul className="cards">{items.map((rule) => <li key={rule.key}><RuleCard rule={rule} /></li>)}</ul>
  return (
    <Table<RuleItem>
      className="clickable-rows"
      size="middle"
      columns={columns}
      dataSource={items}
      rowKey="key"
      pagination={items.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
      scroll={{ x: 1080 }}
      showSorterTooltip={false}
      onRow={(rule) => ({
        onClick: (event) => {
          if (!(event.target as Element).closest('a,button,.ant-dropdown')) void navigate(`/rules/${rule.key}`)
        },
      })}
    />
  )
}

const RuleList = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const navigate = useNavigate()
  const [word, setWord] = useState('')
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => api.get<Page<RuleItem>>('/rules') })
  const unknown = (rules.data?.items ?? []).reduce((sum, rule) => sum + rule.unknown, 0)
  const found = (rules.data?.items ?? []).filter((rule) => `${rule.name} ${rule.key}`.toLowerCase().includes(word.trim().toLowerCase()))
  const create = can(user.roles, 'designer') ? <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/rules/new')}>{t('新建规则')}</Button> : null
  return (
    <div className="page">
      <PageHeader title={t('规则')} text={t('什么情况要提醒谁，用一句话就能写清楚')} actions={<>{unknown > 0 ? <Button icon={<QuestionCircleOutlined />} onClick={() => void navigate('/rules/unknown')}>{t('{{n}} 个无法判断', { n: sayNumber(unknown) })}</Button> : null}{create}</>} />
      <div className="card">
        {(rules.data?.items.length ?? 0) > 5 ? <div className="toolbar"><Input allowClear prefix={<SearchOutlined />} aria-label={t('搜索规则')} placeholder={t('搜索规则')} value={word} onChange={(event) => setWord(event.target.value)} style={{ width: 260 }} /></div> : null}
        {rules.isPending ? <TableSkeleton /> : null}
        {rules.isError ? <Failed error={rules.error} retry={() => void rules.refetch()} /> : null}
        {rules.isSuccess && rules.data.items.length === 0 ? <Empty icon={<SlidersOutlined />} title={t('还没有规则')} text={t('从一句现成的话开始，填上数字就行，例如“可用库存低于 20 件”。')} action={create} /> : null}
        {rules.isSuccess && rules.data.items.length > 0 && found.length === 0 ? <Empty title={t('没有找到')} text={t('换个词试试。')} /> : null}
        {found.length > 0 ? <Rules items={found} /> : null}
      </div>
    </div>
  )
}

export default RuleList
