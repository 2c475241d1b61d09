/** 开始我的店: two files, the lead time, where to send notices — and the first alerts of one's own shop. */
import { CheckCircleFilled, LoadingOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Form, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, ApiError } from '../../api/client'
import type { ImportAnalysis, RunResult } from '../../api/types'
import { errorText, queryClient, useMe } from '../../app/query'
import { useCatalog } from '../../components/formula/use-check'
import { PageHeader } from '../../components/page-header'
import { ProblemList } from '../../components/problems'
import { LevelTag } from '../../components/status'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import { filledIn, type Schema } from '../../schema_form/schema'
import { SchemaFields } from '../../schema_form/schema-fields'
import { typeOf } from '../../lib/channels'
import { DropZone } from './drop-zone'
import { bestGuess } from './mapping'
import './imports.css'

interface Answers {
  lead_time_days: number
  channel: string
  settings?: Record<string, unknown>
}

type FirstRun = Partial<RunResult> & { run?: RunResult }

/** Without these a file says nothing about stock or sales. */
const NEEDED: Record<string, string[]> = { sales: ['sku', 'date', 'quantity'], stock: ['sku', 'on_hand'] }

const FileWord = ({ analysis, wanted }: { analysis: ImportAnalysis | null; wanted: string }) => {
  const { t } = useTranslation()
  if (!analysis) return null
  const guess = bestGuess(analysis, wanted)
  const covered = new Set(Object.values(guess?.columns ?? {}))
  const whole = !guess?.columns || NEEDED[wanted]?.every((field) => covered.has(field))
  if (guess && whole) return <p className="good-line"><CheckCircleFilled aria-hidden="true" /> {t('认出来了：{{name}}', { name: pick(guess, 'name') })}</p>
  return <Alert type="warning" showIcon title={t('没认出这张表的列')} description={t('列名是：{{columns}}。可以到“导入”页自己对列，或换一张表。', { columns: analysis.columns.map((column) => column.name).join('、') })} />
}

const Result = ({ result }: { result: RunResult }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <div className="page narrow">
      <PageHeader title={result.fired > 0 ? t('发现 {{n}} 条预警', { n: sayNumber(result.fired) }) : t('目前没有商品快断货')} documentTitle={t('开始我的店')} text={t('检查了 {{rows}} 个商品 × 仓库，以后每天自动检查', { rows: sayNumber(result.rows) })} actions={<Button type="primary" onClick={() => void navigate('/alerts')}>{t('看全部预警')}</Button>} />
      <section className="card">
        <ul className="cards">
          {result.examples.map((example, index) => (
            <li key={index} className="card-row"><span className="row between"><span className="card-title">{example.record}</span><LevelTag level={example.level} /></span><span className="soft num">{pick(example, 'explanation')}</span></li>
          ))}
        </ul>
      </section>
    </div>
  )
}

const FirstRunPage = () => {
  const { t } = useTranslation()
  const catalog = useCatalog()
  const { workspace } = useMe()
  const [sales, setSales] = useState<ImportAnalysis | null>(null)
  const [stock, setStock] = useState<ImportAnalysis | null>(null)
  const [form] = Form.useForm<Answers>()
  const channel = Form.useWatch('channel', form) ?? 'mailbox'
  const types = (catalog.data?.channels ?? []).filter((type) => typeOf(type) !== 'console' && typeOf(type) !== 'mailbox')
  const chosen = types.find((type) => typeOf(type) === channel)
  const begin = useMutation({
    meta: { quiet: true },
    mutationFn: (answers: Answers) => api.post<FirstRun>('/first-run', { sales_file: sales?.file, stock_file: stock?.file, lead_time_days: answers.lead_time_days, notify: { channel: answers.channel, settings: filledIn(answers.settings) } }),
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const result = begin.data?.run ?? (begin.data?.fired === undefined ? null : (begin.data as RunResult))
  if (result) return <Result result={result} />
  const problems = begin.error instanceof ApiError ? begin.error.problems : []
  return (
    <div className="page narrow">
      <PageHeader title={t('开始我的店')} text={t('两张表、两个问题，几分钟看到自己店里第一批预警')} />
      {workspace.is_demo ? <Alert className="gap-bottom" type="info" showIcon title={t('这里是演示店铺')} description={t('自己的店请另开一个工作区：换一个数据文件夹（BEIHUO_DATA_DIR）再启动，然后回到这一页。')} /> : null}
      <Form<Answers> form={form} layout="vertical" initialValues={{ lead_time_days: 7, channel: 'mailbox' }} onFinish={(answers) => begin.mutate(answers)} disabled={begin.isPending}>
        <ol className="first-steps">
          <li className="card pad">
            <h2>{t('1. 卖了什么')}</h2>
            <p className="soft">{t('最近一两个月的订单或销量表。平台后台导出的直接用，退款和刷单会自动剔除。')}</p>
            <DropZone title={t('选销量表或订单表')} text={t('千牛、京麦、拼多多的订单导出，或一张“编码、日期、数量”的表')} analysis={sales} onAnalysed={setSales} />
            <FileWord analysis={sales} wanted="sales" />
          </li>
          <li className="card pad">
            <h2>{t('2. 现在还有多少')}</h2>
            <p className="soft">{t('一张库存表：商品编码、数量，有仓库列更好。')}</p>
            <DropZone title={t('选库存表')} text={t('“编码、数量、仓库”三列就够')} analysis={stock} onAnalysed={setStock} />
            <FileWord analysis={stock} wanted="stock" />
          </li>
          <li className="card pad">
            <h2>{t('3. 补货多久能到')}</h2>
            <Form.Item name="lead_time_days" label={t('从下单到入库，一般要几天（以后可按供应商改）')} rules={[{ required: true, message: t('填一个天数') }]}><InputNumber min={0} max={365} suffix={t('天')} style={{ width: 160 }} /></Form.Item>
          </li>
          <li className="card pad">
            <h2>{t('4. 通知发到哪里')}</h2>
            <Form.Item name="channel" label={t('渠道')}><Select style={{ maxWidth: 320 }} options={[{ value: 'mailbox', label: t('先用站内消息') }, ...types.map((type) => ({ value: typeOf(type), label: pick(type, 'title') }))]} /></Form.Item>
            {chosen ? <SchemaFields schema={chosen.schema as unknown as Schema} prefix="settings" /> : null}
          </li>
        </ol>
        {begin.isError ? <Alert className="gap-bottom" type="error" showIcon title={errorText(begin.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
        <div className="row">
          <Button size="large" type="primary" htmlType="submit" loading={begin.isPending} disabled={!sales || !stock || workspace.is_demo}>{t('开始')}</Button>
          {begin.isPending ? <span className="soft"><LoadingOutlined aria-hidden="true" /> {t('正在导入并检查每个商品，请稍等…')}</span> : !sales || !stock ? <span className="faint">{t('先放两张表')}</span> : null}
        </div>
      </Form>
    </div>
  )
}

export default FirstRunPage
