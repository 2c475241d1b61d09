/** Conditions in and/or groups over react-querybuilder: the same tree as the formula, drawn. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { QueryBuilderAntD } from '@react-querybuilder/antd'
import { Button, Input, InputNumber, Select } from 'antd'
import type { TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ActionProps, type FieldSelectorProps, QueryBuilder, type RuleGroupType, type Translations, type ValueEditorProps, type ValueSourceSelectorProps } from 'react-querybuilder'
import type { ExpressionField, Json } from '../../api/types'
import { language } from '../../i18n'
import { type ConditionGroup, needsValue, printGroup } from '../../lib/conditions'
import { optionList } from '../../lib/fields'
import { FormulaEditor } from '../formula/editor'
import type { Word } from '../formula/vocabulary'
import './conditions.css'

interface Props {
  source: string
  groups: Json | null
  fields: readonly ExpressionField[]
  names: Record<string, string>
  words: readonly Word[]
  onChange: (source: string) => void
}

interface Context {
  fields: readonly ExpressionField[]
  names: Record<string, string>
  words: readonly Word[]
  t: TFunction
}

const NUMERIC = new Set(['number', 'money', 'quantity', 'percent', 'rating'])

const fieldLabel = (field: ExpressionField): string => (language() === 'en' && field.label_en ? field.label_en : field.label)

const FieldSelect = ({ value, handleOnChange, context }: FieldSelectorProps) => {
  const { fields, names, t } = context as Context
  const groups = new Map<string, { value: string; label: string }[]>()
  for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), { value: field.path, label: fieldLabel(field) }])
  const named = Object.keys(names).map((name) => ({ value: name, label: name }))
  const options = [...(named.length > 0 ? [{ label: t('算好的数'), options: named }] : []), ...[...groups].map(([group, items]) => ({ label: group, options: items }))]
  const known = options.some((group) => group.options.some((option) => option.value === value))
  if (value && !known) options.unshift({ label: t('算式'), options: [{ value, label: value }] })
  return <Select className="condition-field" aria-label={t('比什么')} showSearch={{ optionFilterProp: 'label' }} value={value || undefined} placeholder={t('选一个')} popupMatchSelectWidth={260} onChange={(next: string) => handleOnChange(next)} options={options} />
}

const SourceSelect = ({ value, handleOnChange, context }: ValueSourceSelectorProps) => {
  const { t } = context as Context
  return <Select className="condition-source" aria-label={t('和什么比')} value={value ?? 'value'} onChange={(next: string) => handleOnChange(next)} options={[{ value: 'value', label: t('数值') }, { value: 'field', label: t('算式') }]} />
}

const ValueInput = ({ value, handleOnChange, operator, valueSource, field, context }: ValueEditorProps) => {
  const { fields, names, words, t } = context as Context
  if (!needsValue(operator)) return null
  if (valueSource === 'field') return <div className="condition-formula"><FormulaEditor value={String(value ?? '')} onChange={handleOnChange} words={words} label={t('算式')} placeholder={t('例如 日均销量 * 7')} /></div>
  const found = fields.find((item) => item.path === field)
  const many = operator === 'in' || operator === 'not in'
  if (found?.options) {
    const chosen = many ? (Array.isArray(value) ? value : value ? [value] : []) : value || undefined
    return <Select className="condition-value" aria-label={t('值')} mode={many ? 'multiple' : undefined} value={chosen} onChange={handleOnChange} options={optionList(found.options)} />
  }
  if (many) return <Select className="condition-value" aria-label={t('值')} mode="tags" value={Array.isArray(value) ? value : value ? [String(value)] : []} onChange={handleOnChange} open={false} suffixIcon={null} placeholder={t('输入后回车')} />
  if (found?.type === 'boolean') return <Select className="condition-value" aria-label={t('值')} value={typeof value === 'boolean' ? String(value) : undefined} onChange={(next: string) => handleOnChange(next === 'true')} options={[{ value: 'true', label: t('是') }, { value: 'false', label: t('否') }]} />
  if (field in names || NUMERIC.has(found?.type ?? '')) return <InputNumber className="condition-value" aria-label={t('值')} value={value === '' || value === null || value === undefined ? null : Number(value)} onChange={(next) => handleOnChange(next ?? '')} />
  return <Input className="condition-value" aria-label={t('值')} value={String(value ?? '')} onChange={(event) => handleOnChange(event.target.value)} />
}

const Quiet = ({ label, title, handleOnClick, className, disabled }: ActionProps) => <Button type="text" size="small" className={className} title={title} aria-label={title} disabled={disabled} onClick={(event) => handleOnClick(event)}>{label}</Button>

const operators = (t: TFunction) => [
  { name: '<', label: t('小于') }, { name: '<=', label: t('不超过') }, { name: '>', label: t('大于') }, { name: '>=', label: t('不少于') }, { name: '==', label: t('等于') }, { name: '!=', label: t('不等于') },
  { name: 'in', label: t('属于') }, { name: 'not in', label: t('不属于') }, { name: 'contains', label: t('包含') }, { name: 'starts_with', label: t('开头是') }, { name: 'is_null', label: t('没有填') }, { name: 'is_not_null', label: t('已经填了') },
]

const translations = (t: TFunction): Partial<Translations> => ({
  addRule: { label: <><PlusOutlined /> {t('加一个条件')}</>, title: t('加一个条件') },
  addGroup: { label: <><PlusOutlined /> {t('加一组条件')}</>, title: t('加一组条件') },
  removeRule: { label: <DeleteOutlined />, title: t('删除条件') },
  removeGroup: { label: <DeleteOutlined />, title: t('删除条件组') },
  combinators: { title: t('条件之间') },
  operators: { title: t('怎么比') },
})

const fromServer = (groups: Json | null): RuleGroupType => {
  const convert = (item: ConditionGroup): RuleGroupType =>
    ({ combinator: item.combinator ?? 'and', not: item.not, rules: item.rules.map((rule) => ('rules' in rule ? convert(rule) : { ...rule, valueSource: rule.valueSource === 'expression' ? 'field' : 'value' })) }) as RuleGroupType
  if (groups && typeof groups === 'object' && 'rules' in groups) return convert(groups as unknown as ConditionGroup)
  const single = groups as unknown as ConditionGroup['rules'][number] | null
  return single && 'field' in single ? convert({ combinator: 'and', rules: [single] }) : { combinator: 'and', rules: [] }
}

export const ConditionBuilder = ({ source, groups, fields, names, words, onChange }: Props) => {
  const { t } = useTranslation()
  const [printed, setPrinted] = useState(source)
  const [query, setQuery] = useState<RuleGroupType>(() => fromServer(groups))
  const [seen, setSeen] = useState(groups)
  if (groups !== seen) {
    setSeen(groups)
    if (source !== printed) setQuery(fromServer(groups))
  }
  const context = useMemo<Context>(() => ({ fields, names, words, t }), [fields, names, words, t])
  const choices = useMemo(() => [...Object.keys(names), ...fields.map((field) => field.path)].map((name) => ({ name, value: name, label: name })), [fields, names])
  const numeric = (path: string): boolean => path in names || NUMERIC.has(fields.find((field) => field.path === path)?.type ?? 'number')
  const change = (next: RuleGroupType): void => {
    setQuery(next)
    const text = printGroup(next as unknown as ConditionGroup, numeric)
    if (text === '' || text === printed) return
    setPrinted(text)
    onChange(text)
  }
  return (
    <QueryBuilderAntD>
      <QueryBuilder
        query={query}
        onQueryChange={change}
        fields={choices}
        operators={operators(t)}
        combinators={[{ name: 'and', label: t('同时满足') }, { name: 'or', label: t('满足任一') }]}
        translations={translations(t)}
        getValueSources={() => ['value', 'field']}
        controlElements={{ addRuleAction: Quiet, addGroupAction: Quiet, removeRuleAction: Quiet, removeGroupAction: Quiet, fieldSelector: FieldSelect, valueSourceSelector: SourceSelect, valueEditor: ValueInput }}
        controlClassnames={{ queryBuilder: 'conditions' }}
        context={context}
        autoSelectField={false}
        resetOnOperatorChange={false}
      />
    </QueryBuilderAntD>
  )
}
