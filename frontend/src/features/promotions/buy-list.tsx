/** What to buy for the chosen scenario, item by item, with the quantile behind it. */
import { Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { percent, type Simulated, type SimulatedItem } from './data'

export const BuyList = ({ result }: { result: Simulated | undefined }) => {
  const { t } = useTranslation()
  if (!result) return null
  const number = (title: string, key: keyof SimulatedItem, show: (value: number) => string = (value) => sayNumber(value, 0)) => ({ title: t(title), dataIndex: key, align: 'right' as const, width: 104, sorter: (one: SimulatedItem, other: SimulatedItem) => Number(one[key]) - Number(other[key]), render: show })
  return (
    <section className="card">
      <div className="card-head"><div><h2>{t('“{{name}}”要备什么', { name: result.name })}</h2><p className="faint">{t('按采购金额排，最多列 200 个')}</p></div></div>
      <div className="card-body">
        <Table<SimulatedItem>
          size="small"
          rowKey="sku"
          dataSource={result.items}
          virtual
          scroll={{ x: 960, y: 360 }}
          pagination={false}
          columns={[
            { title: t('商品'), key: 'sku', width: 220, render: (_, one) => <Link to={`/forecasts?sku=${encodeURIComponent(one.sku)}`}>{one.name} <span className="faint">{one.sku}</span></Link> },
            number('需求', 'demand'),
            number('九成不超过', 'high'),
            number('现有可用', 'stock'),
            { ...number('建议采购', 'buy'), render: (value: number) => <strong className="num">{sayNumber(value)}</strong> },
            number('金额', 'cost', (value) => sayMoney(value)),
            number('备到分位', 'ratio', (value) => percent(value)),
            { title: t('缺货风险'), key: 'risk', align: 'right', width: 140, render: (_, one) => <span className="num">{percent(one.risk)} → {percent(one.risk_after)}</span> },
          ]}
        />
      </div>
    </section>
  )
}
