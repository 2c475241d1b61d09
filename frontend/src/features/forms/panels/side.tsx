/** The right column: the properties of whatever is selected. */
import { useTranslation } from 'react-i18next'
import { FieldIcon } from '../icons'
import { patchColumn, patchField, renameColumn, renameField } from '../../../lib/form/editing'
import { useCatalog } from '../../../components/formula/use-check'
import { pick } from '../../../i18n'
import { overForm } from '../../../components/formula/draft-formula'
import { edit, useDesk, useForm } from '../store'
import { BlockPanel } from './block'
import { FieldPanel } from './field'
import { FormPanel } from './form'

export const SidePanel = ({ published }: { published: ReadonlySet<string> }) => {
  const { t } = useTranslation()
  const form = useForm()
  const catalog = useCatalog()
  const selected = useDesk((state) => state.selected)
  const select = useDesk((state) => state.select)
  const own = { key: form.key, name: form.name }
  const typeOf = (type: string) => catalog.data?.fields.find((info) => info.type === type)
  if (selected.kind === 'field') {
    const field = form.fields.find((one) => one.key === selected.key)
    if (!field) return <FormPanel published={published.size > 0} />
    return (
      <>
        <h2 className="side-title"><FieldIcon name={typeOf(field.type)?.icon} /> {pick(typeOf(field.type), 'title')}</h2>
        <FieldPanel field={field} siblings={form.fields} own={own} over={overForm(form)} fresh={!published.has(field.key)} onPatch={(patch, what) => edit((given) => patchField(given, field.key, patch), `${field.key}.${what}`)} onRename={(key) => { edit((given) => renameField(given, field.key, key), `${field.key}.label`); select({ kind: 'field', key }) }} />
      </>
    )
  }
  if (selected.kind === 'column') {
    const sub = form.fields.find((one) => one.key === selected.key)
    const column = sub?.fields?.find((one) => one.key === selected.column)
    if (!sub || !column) return <FormPanel published={published.size > 0} />
    return (
      <>
        <h2 className="side-title"><button type="button" className="text-button" onClick={() => select({ kind: 'field', key: sub.key })}>{sub.label}</button> <span className="faint">/</span> <FieldIcon name={typeOf(column.type)?.icon} /> {t('列')}</h2>
        <FieldPanel field={column} siblings={sub.fields ?? []} own={own} over={{ key: '', name: sub.label, fields: sub.fields ?? [] }} fresh={!published.has(`${sub.key}.${column.key}`)} inside onPatch={(patch, what) => edit((given) => patchColumn(given, sub.key, column.key, patch), `${sub.key}.${column.key}.${what}`)} onRename={(key) => { edit((given) => renameColumn(given, sub.key, column.key, key), `${sub.key}.${column.key}.label`); select({ kind: 'column', key: sub.key, column: key }) }} />
      </>
    )
  }
  if (selected.kind === 'block') return <><h2 className="side-title">{t('布局')}</h2><BlockPanel place={selected.place} /></>
  return <FormPanel published={published.size > 0} />
}
