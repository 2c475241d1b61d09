/** Scenarios side by side: their sliders, and what they lead to. */
import { Input, Radio, Slider, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { sayMoney, sayNumber } from '../../lib/numbers'
import { percent, type Scenario, type Simulated } from './data'

export const SCENARIO_COLORS = ['good', 'brand', 'warning'] as const

interface Props {
  scenarios: Scenario[]
  results: Simulated[] | undefined
  chosen: number
  stale: boolean
  onChoose: (index: number) => void
  onChange: (index: number, scenario: Scenario) => void
}

const short = (money: number): string => (Math.abs(money) >= 100_000 ? `¥${sayNumber(money / 10_000, 1)} 万` : sayMoney(money))

const Result = ({ result, best }: { result: Simulated; best: boolean }) => {
  const { t } = useTranslation()
  const rows: [string, string, string?][] = [
    [t('需求'), t('{{n}} 件', { n: sayNumber(result.demand, 0) })],
    [t('建议采购'), t('{{n}} 件', { n: sayNumber(result.buy, 0) }), t('{{n}} 个商品', { n: sayNumber(result.buy_items) })],
    [t('占用资金'), short(result.cash)],
    [t('缺货风险'), `${percent(result.risk, 1)} → ${percent(result.risk_after, 1)}`, t('不采购 → 采购后')],
    [t('预期毛利'), short(result.profit), result.profit - result.profit_without > 0.5 ? t('比不采购多 {{n}}', { n: short(result.profit - result.profit_without) }) : undefined],
  ]
  return (
    <dl className="scenario-result">
      {rows.map(([label, value, foot]) => <div key={label}><dt>{label}</dt><dd className="num">{value}{foot ? <small className="faint">{foot}</small> : null}</dd></div>)}
      {best ? <p className="good-text">{t('三个里毛利最高')}</p> : null}
    </dl>
  )
}

export const Scenarios = ({ scenarios, results, chosen, stale, onChoose, onChange }: Props) => {
  const { t } = useTranslation()
  const most = Math.max(...(results ?? []).map((one) => one.profit))
  return (
    <div className="scenarios" role="radiogroup" aria-label={t('方案')}>
      {scenarios.map((scenario, index) => {
        const result = results?.[index]
        const set = (part: Partial<Scenario>): void => onChange(index, { ...scenario, ...part })
        return (
          <section key={index} className={`card scenario ${index === chosen ? 'chosen' : ''}`} aria-label={scenario.name}>
            <div className="row">
              <Radio checked={index === chosen} onChange={() => onChoose(index)} aria-label={t('选“{{name}}”', { name: scenario.name })} />
              <span className={`scenario-dot ${SCENARIO_COLORS[index % 3]}`} aria-hidden="true" />
              <Input variant="borderless" aria-label={t('方案名称')} value={scenario.name} onChange={(event) => set({ name: event.target.value })} />
            </div>
            <div className="sliders">
              <span>{t('折扣')} <b className="num">{percent(scenario.discount)}</b></span><Slider ariaLabelForHandle={t('{{name}}：折扣', { name: scenario.name })} min={0} max={0.6} step={0.05} value={scenario.discount} onChange={(value) => set({ discount: value })} tooltip={{ formatter: (value) => percent(value ?? 0) }} />
              <span>{t('流量')} <b className="num">× {sayNumber(scenario.traffic)}</b></span><Slider ariaLabelForHandle={t('{{name}}：流量', { name: scenario.name })} min={0.5} max={3} step={0.1} value={scenario.traffic} onChange={(value) => set({ traffic: value })} tooltip={{ formatter: (value) => `× ${value}` }} />
              <span>{t('标价')} <b className="num">{percent(scenario.price)}</b></span><Slider ariaLabelForHandle={t('{{name}}：标价', { name: scenario.name })} min={0.8} max={1.2} step={0.05} value={scenario.price} onChange={(value) => set({ price: value })} tooltip={{ formatter: (value) => percent(value ?? 0) }} />
              <span>{t('有资源位或直播')}</span><Switch size="small" aria-label={t('{{name}}：有资源位或直播', { name: scenario.name })} checked={scenario.featured} onChange={(featured) => set({ featured })} />
            </div>
            <div className={stale ? 'stale' : ''}>{result ? <Result result={result} best={(results?.length ?? 0) > 1 && result.profit === most} /> : null}</div>
          </section>
        )
      })}
    </div>
  )
}
