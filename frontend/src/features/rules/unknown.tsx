/** What the newest runs could not judge: why, which records, and the field to fill in. */
import { CheckCircleFilled, EditOutlined, SlidersOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client'
import type { Page, UnknownItem } from '../../api/types'
import { Moment } from '../../components/moment'
import { PageHeader } from '../../components/page-header'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import './rules.css'

/** The records whose field is empty, in the grid where it can be filled in. */
const placeToFix = (fix: NonNullable<UnknownItem['fix']>): string => `/records/${fix.form}?filter=${encodeURIComponent(`IS_NULL(${fix.field})`)}`

const Reason = ({ item }: { item: UnknownItem }) => {
  const { t } = useTranslation()
  return (
    <section className="card pad unknown-card">
      <div className="row between wrap">
        <div><h2 className="card-title-inline">{pick(item, 'reason')}</h2><p className="soft"><strong className="num">{sayNumber(item.count)}</strong> {t('个无法判断')} · <Link to={`/rules/${item.rule.key}`}>{item.rule.name}</Link> · <Moment at={item.at} /></p></div>
        {item.fix ? <Link to={placeToFix(item.fix)}><Button type="primary" icon={<EditOutlined />}>{t('去补“{{label}}”', { label: item.fix.label.split('.').at(-1) ?? '' })}</Button></Link> : <Link to={`/rules/${item.rule.key}`}><Button icon={<SlidersOutlined />}>{t('改规则')}</Button></Link>}
      </div>
      <ul className="unknown-examples">
        {item.examples.map((example) => (
          <li key={JSON.stringify(example.keys)} className="row between">
            <span className="ellipsis">{Object.keys(example.keys).map((key) => example.labels[key] ?? example.keys[key]).join(' · ')}</span>
            <Link to={`/records/${item.over}?q=${encodeURIComponent(Object.values(example.keys)[0] ?? '')}`}>{t('打开')}</Link>
          </li>
        ))}
        {item.count > item.examples.length ? <li className="faint">{t('还有 {{n}} 个', { n: sayNumber(item.count - item.examples.length) })}</li> : null}
      </ul>
    </section>
  )
}

const UnknownPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const rule = search.get('rule') ?? undefined
  const found = useQuery({ queryKey: ['rules', 'unknown', rule], queryFn: () => api.get<Page<UnknownItem>>('/rules/unknown', { rule }) })
  return (
    <div className="page">
      <PageHeader back={{ to: '/rules', label: t('规则') }} title={t('无法判断')} text={t('这些记录缺数据，规则不知道该不该报警。补上以后，下次运行就能判断。')} />
      {found.isPending ? <div className="card"><CardSkeleton /></div> : null}
      {found.isError ? <div className="card"><Failed error={found.error} retry={() => void found.refetch()} /></div> : null}
      {found.data?.items.length === 0 ? <div className="card"><Empty good icon={<CheckCircleFilled />} title={t('都能判断')} text={t('上次运行时，每条记录的数据都够用。')} action={<Button onClick={() => void navigate('/rules')}>{t('看看规则')}</Button>} /></div> : null}
      <div className="stack">{found.data?.items.map((item) => <Reason key={`${item.rule.key} ${item.reason}`} item={item} />)}</div>
    </div>
  )
}

export default UnknownPage
