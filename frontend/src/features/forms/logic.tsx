/** Rules and checks of the form, in the order in which they are applied: show and hide, required, read-only, set, and what must hold. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormCheck, FormDefinition, FormRule } from '../../api/types'
import { Empty } from '../../components/states'
import { pick } from '../../i18n'
import { defined } from '../../lib/form/editing'
import { DraftFormula, overForm } from '../../components/formula/draft-formula'
import { edit, useForm } from './store'

const listed = <T,>(items: T[]): T[] | undefined => (items.length > 0 ? items : undefined)

const swapped = <T,>(items: readonly T[], index: number, by: 1 | -1): T[] => {
  const next = [...items]
  const [one, other] = [next[index], next[index + by]]
  if (one === undefined || other === undefined) return next
  next[index] = other
  next[index + by] = one
  return next
}

const setRules = (change: (rules: FormRule[]) => FormRule[], what?: string): void => edit((form) => defined({ ...form, rules: listed(change(form.rules ?? [])) }), what)
const setChecks = (change: (checks: FormCheck[]) => FormCheck[], what?: string): void => edit((form) => defined({ ...form, checks: listed(change(form.checks ?? [])) }), what)

const FieldsPicker = ({ form, label, value, onChange }: { form: FormDefinition; label: string; value: readonly string[] | undefined; onChange: (keys: string[] | undefined) => void }) => (
  <div className="logic-row"><span className="logic-word">{label}</span><Select aria-label={label} mode="multiple" allowClear value={[...(value ?? [])]} options={form.fields.map((field) => ({ value: field.key, label: pick(field, 'label') }))} optionFilterProp="label" onChange={(keys: string[]) => onChange(listed(keys))} style={{ flex: 1, minWidth: 0 }} /></div>
)

const Sets = ({ form, rule, onChange }: { form: FormDefinition; rule: FormRule; onChange: (set: Record<string, string> | undefined) => void }) => {
  const { t } = useTranslation()
  const pairs = Object.entries(rule.set ?? {})
  const free = form.fields.filter((field) => !(field.key in (rule.set ?? {})) && !['formula', 'sub_form', 'auto_number', 'sparkline'].includes(field.type))
  const put = (next: [string, string][]): void => onChange(next.length > 0 ? Object.fromEntries(next) : undefined)
  return (
    <>
      {pairs.map(([key, source], index) => (
        <div key={index} className="logic-row top">
          <span className="logic-word">{t('把')}</span>
          <Select aria-label={t('要填的字段')} value={key} options={form.fields.filter((field) => field.key === key || free.includes(field)).map((field) => ({ value: field.key, label: pick(field, 'label') }))} onChange={(next: string) => put(pairs.map((pair, at): [string, string] => (at === index ? [next, pair[1]] : pair)))} style={{ width: 160 }} />
          <span className="logic-word">{t('填成')}</span>
          <div className="grow"><DraftFormula over={overForm(form)} value={source} label={t('填成什么')} onChange={(text) => put(pairs.map((pair, at): [string, string] => (at === index ? [pair[0], text] : pair)))} /></div>
          <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => put(pairs.filter((_, at) => at !== index))} />
        </div>
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined />} disabled={free.length === 0} onClick={() => free[0] && put([...pairs, [free[0].key, '']])}>{t('填一个值')}</Button>
    </>
  )
}

const RuleCard = ({ form, rule, index, count }: { form: FormDefinition; rule: FormRule; index: number; count: number }) => {
  const { t } = useTranslation()
  const put = (patch: Partial<FormRule>, what: string): void => setRules((rules) => rules.map((one, at) => (at === index ? defined({ ...one, ...patch }) : one)), `rule-${index}-${what}`)
  return (
    <li className="logic-card" id={`rule-${index}`} tabIndex={-1}>
      <div className="row between">
        <span className="row grow"><span className="logic-number num">{index + 1}</span><Input variant="borderless" aria-label={t('规则名称')} placeholder={t('给这条规则起个名字')} value={rule.name ?? ''} onChange={(event) => put({ name: event.target.value || undefined }, 'name')} /></span>
        <span className="row">
          <Button type="text" icon={<ArrowUpOutlined />} aria-label={t('上移')} disabled={index === 0} onClick={() => setRules((rules) => swapped(rules, index, -1))} />
          <Button type="text" icon={<ArrowDownOutlined />} aria-label={t('下移')} disabled={index === count - 1} onClick={() => setRules((rules) => swapped(rules, index, 1))} />
          <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除规则')} onClick={() => setRules((rules) => rules.filter((_, at) => at !== index))} />
        </span>
      </div>
      <div className="logic-row top"><span className="logic-word">{t('当')}</span><div className="grow"><DraftFormula over={overForm(form)} value={rule.when} result="boolean" label={t('条件')} placeholder={t("比如 category == '爆款'")} onChange={(when) => put({ when }, 'when')} /></div></div>
      <FieldsPicker form={form} label={t('显示')} value={rule.show} onChange={(show) => put({ show }, 'show')} />
      <FieldsPicker form={form} label={t('隐藏')} value={rule.hide} onChange={(hide) => put({ hide }, 'hide')} />
      <FieldsPicker form={form} label={t('必填')} value={rule.require} onChange={(require) => put({ require }, 'require')} />
      <FieldsPicker form={form} label={t('只读')} value={rule.read_only} onChange={(keys) => put({ read_only: keys }, 'read_only')} />
      <Sets form={form} rule={rule} onChange={(set) => put({ set }, 'set')} />
    </li>
  )
}

const CheckCard = ({ form, check, index }: { form: FormDefinition; check: FormCheck; index: number }) => {
  const { t } = useTranslation()
  const put = (patch: Partial<FormCheck>, what: string): void => setChecks((checks) => checks.map((one, at) => (at === index ? defined({ ...one, ...patch }) : one)), `check-${index}-${what}`)
  return (
    <li className="logic-card" id={`check-${index}`} tabIndex={-1}>
      <div className="logic-row top"><span className="logic-word">{t('应当满足')}</span><div className="grow"><DraftFormula over={overForm(form)} value={check.check} result="boolean" label={t('应当满足的条件')} placeholder={t('比如 price >= unit_cost')} onChange={(source) => put({ check: source }, 'check')} /></div><Button type="text" icon={<DeleteOutlined />} aria-label={t('删除校验')} onClick={() => setChecks((checks) => checks.filter((_, at) => at !== index))} /></div>
      <div className="logic-row"><span className="logic-word">{t('不满足时说')}</span><Input aria-label={t('不满足时说')} value={check.message} placeholder={t('比如：售价不能低于成本')} onChange={(event) => put({ message: event.target.value }, 'message')} /></div>
      <div className="logic-row"><span className="logic-word">{t('英文')}</span><Input aria-label={t('英文提示')} value={check.message_en ?? ''} onChange={(event) => put({ message_en: event.target.value || undefined }, 'message_en')} /></div>
      <FieldsPicker form={form} label={t('标在')} value={check.fields} onChange={(fields) => put({ fields }, 'fields')} />
    </li>
  )
}

const addRule = (): void => setRules((all) => [...all, { when: '' }])
const addCheck = (): void => setChecks((all) => [...all, { check: '', message: '' }])

export const LogicView = () => {
  const { t } = useTranslation()
  const form = useForm()
  const rules = form.rules ?? []
  const checks = form.checks ?? []
  return (
    <div className="logic stack">
      <section className="card">
        <div className="card-head"><div><h2>{t('规则')}</h2><p className="faint">{t('从上到下依次生效，后面的说了算。被“显示”提到的字段，平时是隐藏的。')}</p></div><Button icon={<PlusOutlined />} onClick={addRule}>{t('加一条规则')}</Button></div>
        <ul className="card-body stack">{rules.map((rule, index) => <RuleCard key={index} form={form} rule={rule} index={index} count={rules.length} />)}</ul>
        {rules.length === 0 ? <Empty title={t('还没有规则')} text={t('比如：分类是“爆款”时，供应商必填。')} action={<Button type="primary" onClick={addRule}>{t('加一条规则')}</Button>} /> : null}
      </section>
      <section className="card">
        <div className="card-head"><div><h2>{t('提交校验')}</h2><p className="faint">{t('整条记录要满足的条件；浏览器、接口和导入都会检查。')}</p></div><Button icon={<PlusOutlined />} onClick={addCheck}>{t('加一条校验')}</Button></div>
        <ul className="card-body stack">{checks.map((check, index) => <CheckCard key={index} form={form} check={check} index={index} />)}</ul>
        {checks.length === 0 ? <p className="faint card-body">{t('没有跨字段的校验。')}</p> : null}
      </section>
    </div>
  )
}
