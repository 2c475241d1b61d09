/** The form as it will stand on the page, to be arranged: sections, tabs, fields and the columns of sub-forms. */
import { useDraggable } from '@dnd-kit/core'
import { CopyOutlined, DeleteOutlined, HolderOutlined, PlusOutlined } from '@ant-design/icons'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Block, FieldTypeInfo, FormDefinition, FormField } from '../../api/types'
import { useCatalog } from '../../components/formula/use-check'
import { pick } from '../../i18n'
import { isWide } from '../../lib/fields'
import { blocksOf, type Place } from '../../lib/form/layout'
import { duplicateSelected, type Held, moveSelected, removeSelected } from './actions'
import { FieldIcon } from './icons'
import { MockControl } from './mock'
import { type Selected, sameSelection, useDesk, useForm } from './store'

const pathOf = (place: Place): string => place.join('.')

export const spotId = (selected: Selected): string => {
  if (selected.kind === 'field') return `spot-${selected.key}`
  if (selected.kind === 'column') return `spot-${selected.key}-${selected.column}`
  return selected.kind === 'block' ? `spot-at-${pathOf(selected.place)}` : 'spot-form'
}

/** Keys on a selected thing: move, copy, delete. */
const onKey = (event: KeyboardEvent<HTMLElement>, selected: Selected): void => {
  if (event.target !== event.currentTarget) return
  const { select } = useDesk.getState()
  const arrow = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].includes(event.key)
  if (event.key === 'Enter' || event.key === ' ') select(selected)
  else if (event.altKey && arrow) {
    select(selected)
    moveSelected(event.key === 'ArrowDown' || event.key === 'ArrowRight')
    requestAnimationFrame(() => document.getElementById(spotId(useDesk.getState().selected))?.focus())
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    select(selected)
    removeSelected()
  } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') {
    select(selected)
    duplicateSelected()
  } else return
  event.preventDefault()
  event.stopPropagation()
}

interface CardProps {
  selected: Selected
  held: Held
  title: string
  attributes: Record<string, string>
  className: string
  children: ReactNode
  tools?: ReactNode
}

/** Anything that can be selected, dragged and moved by keys. */
const Card = ({ selected, held, title, attributes, className, children, tools }: CardProps) => {
  const { t } = useTranslation()
  const isSelected = useDesk((state) => sameSelection(state.selected, selected))
  const select = useDesk((state) => state.select)
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: spotId(selected), data: { held, title } })
  return (
    <div
      ref={setNodeRef}
      id={spotId(selected)}
      {...attributes}
      {...listeners}
      className={`${className} ${isSelected ? 'selected' : ''} ${isDragging ? 'dragging' : ''}`}
      role="button"
      aria-pressed={isSelected}
      aria-label={t('{{title}}，Alt 加方向键移动', { title })}
      tabIndex={0}
      onClick={(event) => { event.stopPropagation(); select(selected) }}
      onKeyDown={(event) => onKey(event, selected)}
    >
      {children}
      <span className="card-tools" onPointerDown={(event) => event.stopPropagation()}>
        {tools}
        <button type="button" className="icon-button" aria-label={t('删除“{{title}}”', { title })} onClick={(event) => { event.stopPropagation(); select(selected); removeSelected() }}><DeleteOutlined /></button>
      </span>
    </div>
  )
}

const CopyTool = ({ field }: { field: FormField }) => {
  const { t } = useTranslation()
  const select = useDesk((state) => state.select)
  return <button type="button" className="icon-button" aria-label={t('复制“{{title}}”', { title: field.label })} onClick={(event) => { event.stopPropagation(); select({ kind: 'field', key: field.key }); duplicateSelected() }}><CopyOutlined /></button>
}

const Columns = ({ field, types }: { field: FormField; types: ReadonlyMap<string, FieldTypeInfo> }) => {
  const { t } = useTranslation()
  const drop = useDesk((state) => state.drop)
  const columns = field.fields ?? []
  const at = drop?.kind === 'column' && drop.key === field.key ? drop.index : -1
  return (
    <div className={`sub-columns ${at === columns.length ? 'drop-end' : ''}`} data-sub={field.key}>
      {columns.map((column, index) => (
        <Card key={column.key} selected={{ kind: 'column', key: field.key, column: column.key }} held={{ kind: 'column', key: field.key, column: column.key }} title={column.label} attributes={{ 'data-column': column.key }} className={`sub-column ${index === at ? 'drop-before' : ''}`}>
          <span className="canvas-label"><FieldIcon name={types.get(column.type)?.icon} /><span className="ellipsis">{pick(column, 'label')}</span>{column.required ? <span className="required-mark">*</span> : null}</span>
          <MockControl field={column} />
        </Card>
      ))}
      {columns.length === 0 ? <p className="faint sub-hint">{t('把字段拖进来，成为一列')}</p> : null}
    </div>
  )
}

const FieldCard = ({ field, place, types, dropBefore }: { field: FormField; place: Place; types: ReadonlyMap<string, FieldTypeInfo>; dropBefore: boolean }) => (
  <Card selected={{ kind: 'field', key: field.key }} held={{ kind: 'block', place }} title={field.label} attributes={{ 'data-place': pathOf(place) }} className={`field-card ${isWide(field) ? 'wide' : ''} ${dropBefore ? 'drop-before' : ''}`} tools={<CopyTool field={field} />}>
    <span className="canvas-label">
      <HolderOutlined className="grip" aria-hidden="true" />
      <FieldIcon name={types.get(field.type)?.icon} />
      <span className="ellipsis">{pick(field, 'label') || field.key}</span>
      {field.required ? <span className="required-mark" aria-hidden="true">*</span> : null}
      {field.hidden ? <small className="faint">({pick({ text: '隐藏', text_en: 'hidden' }, 'text')})</small> : null}
    </span>
    {field.type === 'sub_form' ? <Columns field={field} types={types} /> : <MockControl field={field} />}
  </Card>
)

interface BodyProps {
  form: FormDefinition
  blocks: readonly Block[]
  inside: Place
  columns: number
  types: ReadonlyMap<string, FieldTypeInfo>
  hint: string
}

const Body = ({ form, blocks, inside, columns, types, hint }: BodyProps) => {
  const drop = useDesk((state) => state.drop)
  const at = drop?.kind === 'spot' && pathOf(drop.spot.inside) === pathOf(inside) ? drop.spot.index : -1
  return (
    <div className={`canvas-body columns-${columns} ${at >= blocks.length ? 'drop-end' : ''}`} data-inside={pathOf(inside)} data-columns={columns}>
      {blocks.map((block, index) => <BlockCard key={block.field ?? `${block.type}-${index}`} form={form} block={block} place={[...inside, index]} types={types} dropBefore={index === at} />)}
      {blocks.length === 0 ? <p className="canvas-hint faint">{hint}</p> : null}
    </div>
  )
}

const Tabs = ({ form, block, place, types }: { form: FormDefinition; block: Block; place: Place; types: ReadonlyMap<string, FieldTypeInfo> }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(0)
  const select = useDesk((state) => state.select)
  const selected = useDesk((state) => state.selected)
  const tabs = block.items ?? []
  const active = selected.kind === 'block' && selected.place.length > place.length && pathOf(selected.place).startsWith(`${pathOf(place)}.`) ? (selected.place[place.length] ?? open) : Math.min(open, tabs.length - 1)
  const tab = tabs[active]
  return (
    <>
      <div className="canvas-tabs" role="tablist">
        {tabs.map((one, index) => <button key={index} type="button" role="tab" aria-selected={index === active} onPointerDown={(event) => event.stopPropagation()} onClick={(event) => { event.stopPropagation(); setOpen(index); select({ kind: 'block', place: [...place, index] }) }}>{pick(one, 'title') || t('标签页 {{n}}', { n: index + 1 })}</button>)}
      </div>
      {tab ? <Body form={form} blocks={tab.items ?? []} inside={[...place, active]} columns={tab.columns ?? 2} types={types} hint={t('把字段拖进这个标签页')} /> : null}
    </>
  )
}

const BlockCard = ({ form, block, place, types, dropBefore }: { form: FormDefinition; block: Block; place: Place; types: ReadonlyMap<string, FieldTypeInfo>; dropBefore: boolean }) => {
  const { t } = useTranslation()
  if (block.type === 'field') {
    const field = form.fields.find((one) => one.key === block.field)
    return field ? <FieldCard field={field} place={place} types={types} dropBefore={dropBefore} /> : null
  }
  const names: Record<string, string> = { section: t('分组'), tabs: t('标签页'), text: t('说明文字'), divider: t('分隔线'), columns: t('分栏'), button: t('按钮') }
  const title = pick(block, 'title') || names[block.type] || block.type
  return (
    <Card selected={{ kind: 'block', place }} held={{ kind: 'block', place }} title={title} attributes={{ 'data-place': pathOf(place) }} className={`block-card wide ${block.type} ${dropBefore ? 'drop-before' : ''}`}>
      {block.type === 'section' || block.type === 'columns' ? (
        <>
          <h3><HolderOutlined className="grip" aria-hidden="true" /> {title}</h3>
          <Body form={form} blocks={block.items ?? []} inside={place} columns={block.columns ?? 2} types={types} hint={t('把字段拖进这个分组')} />
        </>
      ) : null}
      {block.type === 'tabs' ? <Tabs form={form} block={block} place={place} types={types} /> : null}
      {block.type === 'text' ? <p className="prewrap">{block.text}</p> : null}
      {block.type === 'divider' ? <hr /> : null}
      {block.type === 'button' ? <span className="mock-option">{title}</span> : null}
    </Card>
  )
}

export const Canvas = ({ onAdd }: { onAdd?: () => void }) => {
  const { t } = useTranslation()
  const form = useForm()
  const select = useDesk((state) => state.select)
  const catalog = useCatalog()
  const types = new Map((catalog.data?.fields ?? []).map((info) => [info.type, info]))
  const blocks = blocksOf(form)
  return (
    <div className="canvas" id="spot-form" onClick={() => select({ kind: 'form' })}>
      <div className="canvas-paper">
        <h2>{pick(form, 'name')}</h2>
        {form.description ? <p className="soft">{pick(form, 'description')}</p> : null}
        <Body form={form} blocks={blocks} inside={[]} columns={2} types={types} hint={t('从左边拖一个字段过来，或点一下加进来')} />
        {onAdd ? <button type="button" className="canvas-add" onClick={(event) => { event.stopPropagation(); onAdd() }}><PlusOutlined aria-hidden="true" /> {t('加字段')}</button> : null}
      </div>
    </div>
  )
}
