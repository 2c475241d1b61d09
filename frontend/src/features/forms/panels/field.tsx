/** The properties of a field, drawn from its type's own JSON Schema. */
import { Collapse, Input, Select, Switch } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldTypeInfo, FormField, Json } from '../../../api/types'
import { FieldInput } from '../../../components/field-input'
import { useCatalog } from '../../../components/formula/use-check'
import { pick } from '../../../i18n'
import { linkTarget } from '../../../lib/fields'
import { fieldKeyFrom, keyFrom } from '../../../lib/form/pinyin'
import type { Schema } from '../../../schema_form/schema'
import { SchemaControl } from '../../../schema_form/schema-control'
import { DraftFormula, type Over } from '../../../components/formula/draft-formula'
import { CopyMap, FormPicker, PacksEditor, SeriesPicker, useOtherForm } from './links'
import { OptionsEditor } from './options'

/** Drawn in places of their own, or known by what is drawn. */
const COMMON = new Set(['key', 'type', 'label', 'label_en', 'help', 'help_en', 'placeholder', 'required', 'unique', 'default', 'default_expression', 'read_only', 'hidden'])

const WORDS: Record<string, string> = {
  select: '下拉', radio: '平铺', tag: '标签', any: '任意', never: '不重置', year: '每年', month: '每月', day: '每天', number: '数字', money: '金额', text: '文本', boolean: '是否', date: '日期', datetime: '日期时间',
  province: '省', city: '市', district: '区县', detail: '详细地址', ean13: 'EAN-13', ean8: 'EAN-8', upc: 'UPC-A', CNY: '人民币', USD: '美元', EUR: '欧元', GBP: '英镑', JPY: '日元', HKD: '港币',
}

const MULTIPLE_DEFAULTS = new Set(['sub_form', 'attachment', 'image', 'signature', 'formula', 'auto_number', 'sparkline', 'json', 'link', 'select_data', 'sku', 'warehouse', 'supplier', 'address', 'rich_text'])

export const Row = ({ label, hint, children, inline = false }: { label: string; hint?: ReactNode; children: ReactNode; inline?: boolean }) => (
  <div className={inline ? 'property inline' : 'property'}>
    <div className="property-label">{label}</div>
    <div className="property-control">{children}{hint ? <p className="faint">{hint}</p> : null}</div>
  </div>
)

interface Props {
  field: FormField
  siblings: readonly FormField[]
  own: { key: string; name: string }
  over: Over
  fresh: boolean
  inside?: boolean
  onPatch: (patch: Partial<FormField>, what: string) => void
  onRename: (key: string) => void
}

const KEY = /^[a-z][a-z0-9_]{0,54}$/

const KeyInput = ({ field, siblings, onRename }: Pick<Props, 'field' | 'siblings' | 'onRename'>) => {
  const { t } = useTranslation()
  const [text, setText] = useState(field.key)
  useEffect(() => setText(field.key), [field.key])
  const taken = text !== field.key && siblings.some((one) => one.key === text)
  const bad = !KEY.test(text) || taken
  const commit = (): void => {
    if (!bad) onRename(text)
    else setText(field.key)
  }
  return (
    <>
      <Input className="mono" aria-label={t('字段标识')} value={text} status={bad ? 'error' : undefined} onChange={(event) => setText(event.target.value)} onBlur={commit} onPressEnter={commit} />
      {bad ? <p className="property-problem">{taken ? t('这个标识已经有字段用了') : t('小写字母开头，只用小写字母、数字和下划线')}</p> : null}
    </>
  )
}

const OwnSetting = ({ name, schema, field, own, over, onPatch }: { name: string; schema: Schema & { 'x-widget'?: string; 'x-title-en'?: string } } & Pick<Props, 'field' | 'own' | 'over' | 'onPatch'>) => {
  const { t } = useTranslation()
  const target = useOtherForm(name === 'where' ? (linkTarget(field) ?? undefined) : undefined)
  const label = pick({ title: schema.title, title_en: schema['x-title-en'] }, 'title') || name
  const value = (field as unknown as Record<string, unknown>)[name]
  const put = (next: unknown): void => onPatch({ [name]: next } as Partial<FormField>, name)
  if (name === 'fields') return <Row label={label}><p className="faint">{t('在画布上把字段拖进子表单；点一列改它的属性。')}</p></Row>
  if (name === 'options') return <Row label={label}><OptionsEditor options={field.options ?? []} over={over} onChange={put} /></Row>
  if (name === 'form') return <Row label={label}><FormPicker value={field.form} own={own} onChange={put} /></Row>
  if (name === 'copy') return <Row label={label} hint={t('选中记录时，把它的这些值填进来')}><CopyMap value={field.copy ?? {}} source={field.form} fields={over.fields} own={field.key} onChange={put} /></Row>
  if (name === 'packs') return <Row label={label}><PacksEditor value={field.packs ?? []} unit={field.unit ?? '件'} onChange={put} /></Row>
  if (name === 'whole_packs') return field.packs ? <Row label={label}><Select aria-label={label} allowClear value={field.whole_packs} options={field.packs.map((pack) => ({ value: pack.unit, label: pack.unit }))} onChange={put} style={{ width: '100%' }} /></Row> : null
  if (name === 'series') return <Row label={label}><SeriesPicker value={field.series} onChange={put} /></Row>
  if (name === 'where') {
    const other = target.data?.definition
    return other ? <Row label={label} hint={t('只列出符合条件的记录')}><DraftFormula over={{ key: other.key, name: other.name, fields: other.fields }} value={field.where ?? ''} result="boolean" label={label} onChange={(source) => put(source || undefined)} /></Row> : null
  }
  if (schema['x-widget'] === 'expression') return <Row label={label}><DraftFormula over={over} value={String(value ?? '')} label={label} onChange={put} /></Row>
  const inline = schema.type === 'boolean'
  return <Row label={label} inline={inline}><SchemaControl schema={schema} label={label} value={value} onChange={put} words={(word) => t(WORDS[word] ?? word)} /></Row>
}

const TypePicker = ({ field, types, inside, onPatch }: { types: readonly FieldTypeInfo[] } & Pick<Props, 'field' | 'inside' | 'onPatch'>) => {
  const { t } = useTranslation()
  const change = (type: string): void => {
    const info = types.find((one) => one.type === type)
    if (!info) return
    const schema = info.schema as { properties?: Record<string, unknown>; required?: string[] }
    const kept = Object.entries(field).filter(([name]) => !COMMON.has(name) && !(name in (schema.properties ?? {}))).map(([name]) => [name, undefined])
    const needed = (schema.required ?? []).filter((name) => !(name in field)).map((name) => [name, (info.example as unknown as Record<string, Json>)[name]])
    onPatch({ ...Object.fromEntries([...kept, ...needed]), type, default: undefined } as Partial<FormField>, 'type')
  }
  return <Select aria-label={t('字段类型')} showSearch={{ optionFilterProp: 'label' }} value={field.type} onChange={change} options={types.filter((info) => !inside || info.type !== 'sub_form').map((info) => ({ value: info.type, label: pick(info, 'title') }))} style={{ width: '100%' }} />
}

const Flags = ({ field, schema, onPatch }: { schema: Schema } & Pick<Props, 'field' | 'onPatch'>) => {
  const { t } = useTranslation()
  const flags: [keyof FormField, string][] = [['required', t('必填')], ['unique', t('不允许重复')], ['read_only', t('新增后不能改')], ['hidden', t('在表单上隐藏')]]
  return (
    <>
      {flags.filter(([name]) => name in (schema.properties ?? {})).map(([name, label]) => (
        <Row key={name} label={label} inline><Switch size="small" aria-label={label} checked={field[name] === true} onChange={(on) => onPatch({ [name]: on ? true : undefined }, name)} /></Row>
      ))}
    </>
  )
}

const Defaults = ({ field, over, onPatch }: Pick<Props, 'field' | 'over' | 'onPatch'>) => {
  const { t } = useTranslation()
  if (['formula', 'auto_number', 'sparkline'].includes(field.type)) return null
  return (
    <>
      {MULTIPLE_DEFAULTS.has(field.type) || field.default_expression ? null : <Row label={t('默认值')}><FieldInput field={{ ...field, required: false, read_only: false }} value={field.default} onChange={(value) => onPatch({ default: value === null || value === '' || value === false ? undefined : value }, 'default')} /></Row>}
      {field.type === 'sub_form' || field.default !== undefined ? null : <Row label={t('默认公式')} hint={t('新增时算一次，之后可以改')}><DraftFormula over={over} value={field.default_expression ?? ''} label={t('默认公式')} onChange={(source) => onPatch({ default_expression: source || undefined }, 'default_expression')} /></Row>}
    </>
  )
}

export const FieldPanel = ({ field, siblings, own, over, fresh, inside = false, onPatch, onRename }: Props) => {
  const { t } = useTranslation()
  const catalog = useCatalog()
  const types = catalog.data?.fields ?? []
  const info = types.find((one) => one.type === field.type)
  const schema = (info?.schema ?? {}) as Schema
  const settings = Object.entries(schema.properties ?? {}).filter(([name]) => !COMMON.has(name))
  /** A field that was never published takes its key from its label, as long as nobody has chosen one. */
  const rename = (): void => {
    const key = inside ? keyFrom(field.label) : fieldKeyFrom(field.label, siblings.map((one) => one.key))
    const automatic = field.key === field.type || field.key.startsWith(`${field.type}_`)
    if (fresh && automatic && key && !siblings.some((one) => one.key === key)) onRename(key)
  }
  return (
    <div className="properties" data-panel={field.key}>
      <Row label={t('名称')}><Input aria-label={t('字段名称')} value={field.label} maxLength={100} onChange={(event) => onPatch({ label: event.target.value }, 'label')} onBlur={rename} /></Row>
      <Row label={t('类型')} hint={info?.doc && pick(info, 'title') === info.title_en ? info.doc : undefined}><TypePicker field={field} types={types} inside={inside} onPatch={onPatch} /></Row>
      {settings.map(([name, inner]) => <OwnSetting key={`${field.key}-${name}`} name={name} schema={inner} field={field} own={own} over={over} onPatch={onPatch} />)}
      <hr />
      <Flags field={field} schema={schema} onPatch={onPatch} />
      <hr />
      <Defaults key={field.key} field={field} over={over} onPatch={onPatch} />
      <Row label={t('说明')}><Input.TextArea aria-label={t('说明')} autoSize={{ minRows: 1, maxRows: 4 }} value={field.help ?? ''} onChange={(event) => onPatch({ help: event.target.value || undefined }, 'help')} placeholder={t('显示在输入框下面')} /></Row>
      <Row label={t('输入提示')}><Input aria-label={t('输入提示')} value={field.placeholder ?? ''} onChange={(event) => onPatch({ placeholder: event.target.value || undefined }, 'placeholder')} /></Row>
      <Collapse ghost size="small" items={[{ key: 'more', label: t('标识和英文'), children: (
        <>
          <Row label={t('字段标识')} hint={fresh ? t('公式和接口用它；改了会同步改公式') : t('改标识等于换一列：旧数据会留在旧列里')}><KeyInput field={field} siblings={siblings} onRename={onRename} /></Row>
          <Row label={t('英文名称')}><Input aria-label={t('英文名称')} value={field.label_en ?? ''} onChange={(event) => onPatch({ label_en: event.target.value || undefined }, 'label_en')} /></Row>
          <Row label={t('英文说明')}><Input aria-label={t('英文说明')} value={field.help_en ?? ''} onChange={(event) => onPatch({ help_en: event.target.value || undefined }, 'help_en')} /></Row>
        </>
      ) }]} />
    </div>
  )
}
