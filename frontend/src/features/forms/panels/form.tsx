/** The properties of the form itself: its names, what identifies a record, how a record is called. */
import { Collapse, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormDefinition } from '../../../api/types'
import { pick } from '../../../i18n'
import { defined } from '../../../lib/form/editing'
import { edit, useForm } from '../store'
import { Row } from './field'
import { RemovedFields } from './removed'

const orNone = (keys: string[]): string[] | undefined => (keys.length > 0 ? keys : undefined)

const patch = (change: Partial<FormDefinition>, what: string): void => edit((given) => defined({ ...given, ...change }), `form.${what}`)

export const FormPanel = ({ published }: { published: boolean }) => {
  const { t } = useTranslation()
  const form = useForm()
  const fields = form.fields.map((field) => ({ value: field.key, label: pick(field, 'label') || field.key }))
  const linkable = form.fields.some((field) => field.key === 'code')
  return (
    <>
      <h2 className="side-title">{t('表单')}</h2>
      <div className="properties">
        <Row label={t('名称')}><Input aria-label={t('表单名称（属性）')} value={form.name} maxLength={200} onChange={(event) => patch({ name: event.target.value }, 'name')} /></Row>
        <Row label={t('说明')}><Input.TextArea aria-label={t('表单说明')} autoSize={{ minRows: 2, maxRows: 6 }} value={form.description ?? ''} onChange={(event) => patch({ description: event.target.value || undefined }, 'description')} /></Row>
        <Row label={t('记录怎么称呼')} hint={t('列表、关联和消息里用这些字段的值称呼一条记录')}><Select aria-label={t('记录怎么称呼')} mode="multiple" maxCount={5} value={form.display ?? []} options={fields} placeholder={t('编码 + 名称')} onChange={(keys: string[]) => patch({ display: orNone(keys) }, 'display')} style={{ width: '100%' }} /></Row>
        <Row label={t('合起来不能重复')} hint={t('比如“商品 + 仓库”：导入时按它们认出同一条')}><Select aria-label={t('合起来不能重复')} mode="multiple" maxCount={8} value={form.natural_keys ?? []} options={fields} onChange={(keys: string[]) => patch({ natural_keys: orNone(keys) }, 'natural_keys')} style={{ width: '100%' }} /></Row>
        {linkable ? null : <p className="faint">{t('要让别的表单关联到这里，请加一个标识为 code、必填且不允许重复的单行文本。')}</p>}
        {published ? <RemovedFields /> : null}
        <Collapse ghost size="small" items={[{ key: 'more', label: t('标识和英文'), children: (
          <>
            <Row label={t('表单标识')} hint={t('建好后不能改')}><Input className="mono" aria-label={t('表单标识')} value={form.key} readOnly variant="filled" /></Row>
            <Row label={t('英文名称')}><Input aria-label={t('英文名称')} value={form.name_en ?? ''} onChange={(event) => patch({ name_en: event.target.value || undefined }, 'name_en')} /></Row>
            <Row label={t('英文说明')}><Input.TextArea aria-label={t('英文说明')} autoSize={{ minRows: 1, maxRows: 6 }} value={form.description_en ?? ''} onChange={(event) => patch({ description_en: event.target.value || undefined }, 'description_en')} /></Row>
          </>
        ) }]} />
      </div>
    </>
  )
}
