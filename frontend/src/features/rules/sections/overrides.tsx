/** Exceptions: for some SKUs or categories other numbers, and what that changes right now. */
import { ArrowRightOutlined, CopyOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Modal, Select } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { Page, RecordItem, RuleDefinition, RuleOverride } from '../../../api/types'
import { LevelTag } from '../../../components/status'
import { useWording } from '../../../components/formula/wording'
import { sayNumber } from '../../../lib/numbers'
import { FormulaField } from '../formula-field'
import { blanks, codesTest, fromPasted, readCodes, readPasted } from '../lib/overrides'
import { usePreview } from '../preview'
import { BuilderSection } from '../section'
import { ExpressionSentence } from '../sentence'
import { useBuilder, useRule } from '../store'

/** Rules look at SKUs by their link (`stock.sku`), or are over the SKUs themselves. */
const codeField = (over: string): { field: string; form: string } => (over === 'sku' ? { field: 'code', form: 'sku' } : { field: 'sku', form: 'sku' })

const CodePicker = ({ over, codes, onChange }: { over: string; codes: string[]; onChange: (codes: string[]) => void }) => {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const deferred = useDeferredValue(word)
  const { form } = codeField(over)
  const found = useQuery({ queryKey: ['options', form, deferred], queryFn: () => api.get<Page<RecordItem>>(`/forms/${form}/records`, { q: deferred, limit: 30 }), staleTime: 60_000, placeholderData: (previous) => previous })
  const options = (found.data?.items ?? []).map((item) => ({ value: String(item.values.code), label: `${String(item.values.code)} ${String(item.values.name ?? '')}` }))
  return <Select mode="multiple" aria-label={t('哪些商品')} className="grow" showSearch={{ filterOption: false, onSearch: setWord }} value={codes} placeholder={t('选商品，可多选')} maxTagCount={8} onChange={onChange} options={options} />
}

const Row = ({ item, onChange, onRemove, readOnly }: { item: RuleOverride; onChange: (item: RuleOverride) => void; onRemove: () => void; readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const { field } = codeField(rule.over)
  const codes = readCodes(item.where, field)
  const [free, setFree] = useState(codes === null)
  const levels = item.levels ?? []
  return (
    <div className="level-card">
      <div className="row">
        <Select aria-label={t('例外的范围')} value={free ? 'free' : 'codes'} style={{ width: 110 }} onChange={(next: string) => setFree(next === 'free')} options={[{ value: 'codes', label: t('这些商品') }, { value: 'free', label: t('满足条件') }]} />
        {free ? <FormulaField source={item.where} over={rule.over} result="boolean" label={t('例外的条件')} placeholder={t('例如 sku.category == "耳饰"')} readOnly={readOnly} onChange={(where) => onChange({ ...item, where: where || 'False' })} /> : <CodePicker over={rule.over} codes={codes ?? []} onChange={(next) => onChange({ ...item, where: next.length > 0 ? codesTest(field, next) : 'False' })} />}
        {readOnly ? null : <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除例外')} onClick={onRemove} />}
      </div>
      {levels.map((level, at) => (
        <div className="row override-level" key={at}><LevelTag level={level.level} plain /><ExpressionSentence source={level.when} over={rule.over} onChange={(when) => onChange({ ...item, levels: levels.map((one, place) => (place === at ? { ...one, when } : one)) })} /></div>
      ))}
      {Object.entries(item.let ?? {}).map(([name, source]) => <div className="row" key={name}><span className="strong">{name} =</span><FormulaField source={source} over={rule.over} label={name} readOnly={readOnly} onChange={(next) => onChange({ ...item, let: { ...item.let, [name]: next } })} /></div>)}
    </div>
  )
}

/** How many fire without the exceptions, and with them. */
const Effect = ({ rule }: { rule: RuleDefinition }) => {
  const { t } = useTranslation()
  const plain = useMemo(() => ({ ...rule, overrides: undefined, tests: undefined }), [rule])
  const [before, after] = [usePreview(plain, true), usePreview(rule, true)]
  if (!before.data || !after.data || after.isError) return null
  return <p className="soft num" data-testid="override-effect">{t('现在命中：没有例外 {{n}} 个', { n: sayNumber(before.data.total) })} <ArrowRightOutlined aria-hidden="true" /> {t('有例外 {{n}} 个', { n: sayNumber(after.data.total) })}</p>
}

const PasteDialog = ({ rule, onAdd, onClose }: { rule: RuleDefinition; onAdd: (items: RuleOverride[]) => void; onClose: () => void }) => {
  const { t } = useTranslation()
  const wording = useWording(rule.over)
  const choices = blanks(rule.levels)
  const [chosen, setChosen] = useState(Math.max(choices.length - 1, 0))
  const [text, setText] = useState('')
  const pasted = readPasted(text)
  const blank = choices[chosen]
  const made = blank ? fromPasted(rule, codeField(rule.over).field, blank, pasted.lines) : []
  return (
    <Modal open title={t('批量设置例外')} onCancel={onClose} okText={t('加 {{n}} 条例外', { n: made.length })} okButtonProps={{ disabled: made.length === 0 || pasted.wrong.length > 0 }} onOk={() => onAdd(made)}>
      <div className="stack">
        <div><p className="soft">{t('改哪个数字')}</p><Select aria-label={t('改哪个数字')} value={chosen} style={{ width: '100%' }} onChange={setChosen} options={choices.map((one, index) => ({ value: index, label: `${one.value}（${wording.say(one.text)}）` }))} /></div>
        <div><p className="soft">{t('从表格里复制两列粘贴到这里：商品编码、数字')}</p><Input.TextArea aria-label={t('商品编码和数字')} autoSize={{ minRows: 6, maxRows: 14 }} value={text} onChange={(event) => setText(event.target.value)} placeholder={'A001\t1.5\nA002\t2'} /></div>
        {pasted.wrong.length > 0 ? <p className="critical">{t('这些行看不懂：{{lines}}', { lines: pasted.wrong.slice(0, 5).join('、') })}</p> : <p className="faint">{t('{{n}} 个商品', { n: sayNumber(pasted.lines.length) })}</p>}
      </div>
    </Modal>
  )
}

export const OverridesSection = ({ readOnly }: { readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const [pasting, setPasting] = useState(false)
  const items = rule.overrides ?? []
  const write = (next: RuleOverride[]): void => change({ overrides: next.length > 0 ? next : undefined })
  const add = (): void => write([...items, { where: codesTest(codeField(rule.over).field, []), levels: rule.levels }])
  return (
    <BuilderSection
      name="overrides"
      title={t('例外')}
      text={t('个别商品或类目用别的数字')}
      extra={readOnly ? null : <span className="row"><Button type="text" icon={<CopyOutlined />} onClick={() => setPasting(true)}>{t('批量粘贴')}</Button><Button type="text" icon={<PlusOutlined />} onClick={add}>{t('加一条')}</Button></span>}
    >
      {items.length === 0 ? <p className="faint">{t('所有记录用同样的条件。')}</p> : <Effect rule={rule} />}
      <div className="stack">{items.map((item, index) => <Row key={index} item={item} readOnly={readOnly} onChange={(next) => write(items.map((one, at) => (at === index ? next : one)))} onRemove={() => write(items.filter((_, at) => at !== index))} />)}</div>
      {pasting ? <PasteDialog rule={rule} onClose={() => setPasting(false)} onAdd={(made) => { write([...items, ...made]); setPasting(false) }} /> : null}
    </BuilderSection>
  )
}
