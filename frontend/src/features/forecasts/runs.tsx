/** What changed since the forecast before, and why; which model won; what promotions, holidays and signals do. */
import { useQueryClient } from '@tanstack/react-query'
import { Button, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { Person } from '../../components/person'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { StateTag } from '../../components/status'
import { sayNumber } from '../../lib/numbers'
import { typeset } from '../../lib/typeset'
import { sayShare } from './accuracy-data'
import { type Changes, type Run, type RunResult, useRun, useRuns } from './data'
import { RunBar } from './run-bar'
import { Signals } from './signals'
import { Tabs } from './tabs'
import './forecasts.css'

const REASONS: Record<string, string> = { level: '销量水平变了', model: '模型修正变了', promotion: '大促进入或离开', person: '有人修改' }
const TRIGGERS: Record<string, string> = { manual: '手动', nightly: '每晚', weekly: '每周比试', import: '导入后', promotion: '大促', demo: '演示' }

const Moved = ({ changes }: { changes: Changes }) => {
  const { t } = useTranslation()
  const delta = changes.after - changes.before
  const most = Math.max(...Object.values(changes.parts).map(Math.abs), 1e-9)
  return (
    <>
      <p className="changes-sum">{t('{{from}} 至 {{to}}，与 {{day}} 的预测比：', { from: changes.from, to: changes.to, day: changes.since_day })} <strong className="num">{sayNumber(changes.before, 0)} → {sayNumber(changes.after, 0)}</strong> <span className={`num ${delta >= 0 ? 'good-text' : 'critical-text'}`}>({delta >= 0 ? '+' : ''}{sayNumber(delta, 0)}, {sayShare(changes.before ? delta / changes.before : null, true)})</span></p>
      <ul className="change-parts">
        {Object.entries(changes.parts).map(([name, value]) => (
          <li key={name}><span>{t(REASONS[name] ?? name)}</span><span className="change-track"><span className={value >= 0 ? 'up' : 'down'} style={{ width: `${(50 * Math.abs(value)) / most}%` }} /></span><span className="num right">{value > 0 ? '+' : ''}{sayNumber(value, 0)}</span></li>
        ))}
      </ul>
      <Table
        size="small"
        rowKey="sku"
        dataSource={changes.items}
        pagination={false}
        scroll={{ x: 520, y: 320 }}
        columns={[
          { title: t('变化最大的商品'), dataIndex: 'sku', render: (sku: string) => <Link to={`/forecasts?sku=${encodeURIComponent(sku)}`}>{sku}</Link> },
          { title: t('原来'), dataIndex: 'before', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
          { title: t('现在'), dataIndex: 'after', align: 'right', width: 90, render: (value: number) => sayNumber(value, 0) },
          { title: t('主要原因'), dataIndex: 'reason', width: 150, render: (reason: string) => <Tag>{t(REASONS[reason] ?? reason)}</Tag> },
        ]}
      />
    </>
  )
}

const Duel = ({ result }: { result: RunResult }) => {
  const { t } = useTranslation()
  const rows = (result.choice ?? []).filter((row) => row.what === 'mean' || row.what === 'q0.9')
  if (rows.length === 0) return <p className="soft">{t('这一次没有比试。每周日凌晨让 LightGBM 与基线在留出的八周上比一次，按商品大小分段，谁赢用谁；也可以在“重新预测”旁的菜单里马上比。')}</p>
  return (
    <Table
      size="small"
      rowKey={(row) => `${row.segment}-${row.what}`}
      dataSource={rows}
      pagination={false}
      scroll={{ x: 480 }}
      columns={[
        { title: t('商品大小'), dataIndex: 'segment', render: (segment: number) => t('第 {{n}} 段（由小到大）', { n: segment + 1 }) },
        { title: t('比什么'), dataIndex: 'what', render: (what: string) => (what === 'mean' ? t('均值的误差') : t('九成分位的损失')) },
        ...(['base', 'mix', 'model'] as const).map((name) => ({ title: t({ base: '基线', mix: '各半', model: '模型' }[name]), dataIndex: name, align: 'right' as const, render: (value: number, row: (typeof rows)[number]) => <span className={`num ${value === Math.min(row.base, row.mix, row.model) ? 'good-text strong' : ''}`}>{value.toFixed(3)}</span> })),
      ]}
    />
  )
}

const Effects = ({ title, rows }: { title: string; rows: { label: string; multiplier: number; days: number }[] }) => {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  return (
    <section className="card">
      <div className="card-head"><h2>{title}</h2></div>
      <ul className="card-body effect-list">{rows.map((row) => <li key={row.label} className="row between"><span className="ellipsis">{row.label === 'after' ? t('大促后七天') : row.label.replaceAll('|', ' · ')}</span><span className="num">× {sayNumber(row.multiplier)} <span className="faint">{t('{{n}} 天里学到', { n: row.days })}</span></span></li>)}</ul>
    </section>
  )
}

const NOTES: Record<string, string> = { rows: '读到的销量行', same_day: '同日多行（相加）', negative: '负数行（与同日相抵）', future: '评估日之后的行（没有用）', out_of_stock: '断货行（遮住，不当零）', exceptional_units: '异常大单件数（另算）' }

const Detail = ({ run }: { run: Run }) => {
  const { t } = useTranslation()
  const { result } = run
  return (
    <div className="stack">
      {run.error ? <div className="card card-body critical-text" role="alert">{typeset(run.error)}</div> : null}
      {result.running ? <section className="card card-body"><strong>{result.running.name}</strong> {t('进行到第 {{n}} 天：计划 {{planned}} 件，实际 {{actual}} 件', { n: result.running.done, planned: sayNumber(result.running.planned, 0), actual: sayNumber(result.running.actual, 0) })}</section> : null}
      {result.changes ? <section className="card"><div className="card-head"><h2>{t('变了多少，为什么')}</h2></div><div className="card-body"><Moved changes={result.changes} /></div></section> : null}
      <section className="card"><div className="card-head"><h2>{t('冠军与挑战者')}</h2></div><div className="card-body"><Duel result={result} /></div></section>
      <div className="grid-2 even">
        <Effects title={t('大促学到的倍数')} rows={result.uplifts ?? []} />
        <Effects title={t('节假日与固定日子')} rows={result.effects ?? []} />
      </div>
      <Signals found={result.signals ?? []} />
      {result.notes ? <section className="card"><div className="card-head"><h2>{t('销量里看到了什么')}</h2></div><ul className="card-body effect-list">{Object.entries(result.notes).map(([name, value]) => <li key={name} className="row between"><span>{t(NOTES[name] ?? name)}</span><span className="num">{sayNumber(value, 0)}</span></li>)}</ul></section> : null}
    </div>
  )
}

const RunsPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const runs = useRuns()
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const items = runs.data?.items ?? []
  const id = chosen ?? items.find((run) => run.status === 'done')?.id
  const run = useRun(id)
  return (
    <div className="page forecasts">
      <PageHeader title={t('预测变了什么')} text={t('每晚、每次导入、大促每小时、有人要求时都会重新预测；每一次都留底')} actions={<RunBar />} />
      <div className="row between wrap forecast-bar"><Tabs at="/forecasts/runs" /></div>
      {runs.isError ? <div className="card"><Failed error={runs.error} retry={() => void client.invalidateQueries({ queryKey: ['forecast-runs'] })} /></div> : null}
      {runs.isPending ? <div className="card card-body"><CardSkeleton lines={8} /></div> : null}
      {runs.data && items.length === 0 ? <div className="card"><Empty title={t('还没有预测')} text={t('点右上角“重新预测”。')} /></div> : null}
      {items.length > 0 ? (
        <div className="forecast-grid">
          <aside className="card">
            <ul className="run-list">
              {items.map((one) => (
                <li key={one.id}>
                  <button type="button" className={one.id === id ? 'active' : ''} onClick={() => setChosen(one.id)}>
                    <span className="row between"><strong className="num">{one.day}</strong><StateTag state={one.status} /></span>
                    <span className="row between faint"><span>{t(TRIGGERS[one.trigger] ?? one.trigger)} · <Moment at={one.finished_at ?? one.created_at} /></span><Person of={one.created_by} /></span>
                  </button>
                </li>
              ))}
            </ul>
          </aside>
          {run.data ? <Detail run={run.data} /> : <div className="card card-body">{run.isError ? <Failed error={run.error} /> : id === undefined ? <Button disabled>{t('等第一次预测完成')}</Button> : <CardSkeleton lines={8} />}</div>}
        </div>
      ) : null}
    </div>
  )
}

export default RunsPage
