/** What a form can be built from: field types by group, layout parts, found by name or pinyin; dragged, or added by a click. */
import { useDraggable } from '@dnd-kit/core'
import { ApartmentOutlined, BorderOutlined, FontSizeOutlined, MinusOutlined, SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import PinyinMatch from 'pinyin-match'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldTypeInfo } from '../../api/types'
import { useCatalog } from '../../components/formula/use-check'
import { CardSkeleton } from '../../components/states'
import { pick } from '../../i18n'
import { addPart, type Held, type Part } from './actions'
import { FieldIcon } from './icons'

const GROUPS: [string, string][] = [['basic', '基本'], ['relation', '关联'], ['stock', '备货'], ['advanced', '高级'], ['people', '人员'], ['contact', '联系方式']]

const LAYOUT: { type: string; title: string; icon: ReactNode }[] = [
  { type: 'section', title: '分组', icon: <BorderOutlined /> },
  { type: 'tabs', title: '标签页', icon: <ApartmentOutlined /> },
  { type: 'text', title: '说明文字', icon: <FontSizeOutlined /> },
  { type: 'divider', title: '分隔线', icon: <MinusOutlined /> },
]

const fits = (word: string, ...texts: string[]): boolean => word === '' || texts.some((text) => text.toLowerCase().includes(word.toLowerCase()) || PinyinMatch.match(text, word) !== false)

const PaletteItem = ({ id, part, icon, title, text, onAdded }: { id: string; part: Part; icon: ReactNode; title: string; text?: string; onAdded?: () => void }) => {
  const held: Held = { kind: 'part', part }
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `palette-${id}`, data: { held, title } })
  return (
    <button ref={setNodeRef} type="button" className={`palette-item ${isDragging ? 'dragging' : ''}`} title={text} {...listeners} onClick={() => { addPart(part, null); onAdded?.() }}>
      {icon}<span className="ellipsis">{title}</span>
    </button>
  )
}

/** What is used most stands first; the rest keeps the catalog's order. */
const FIRST = ['text', 'long_text', 'number', 'money', 'choice', 'multi_choice', 'boolean', 'date', 'datetime', 'time', 'percent', 'sub_form', 'link', 'select_data', 'sku', 'warehouse', 'supplier', 'quantity', 'barcode', 'sparkline', 'formula', 'auto_number', 'image', 'attachment']

const rank = (type: string): number => (FIRST.includes(type) ? FIRST.indexOf(type) : FIRST.length)

const ofGroup = (types: readonly FieldTypeInfo[], group: string, word: string): FieldTypeInfo[] =>
  types.filter((info) => info.group === group && fits(word, info.title, info.title_en, info.type)).sort((one, other) => rank(one.type) - rank(other.type))

export const FieldPalette = ({ onAdded }: { onAdded?: () => void }) => {
  const { t } = useTranslation()
  const catalog = useCatalog()
  const [word, setWord] = useState('')
  const types = catalog.data?.fields ?? []
  const layout = LAYOUT.filter((part) => fits(word, t(part.title), part.type))
  const known = new Set(GROUPS.map(([group]) => group))
  const rest = types.filter((info) => !known.has(info.group) && fits(word, info.title, info.title_en, info.type))
  const groups: [string, FieldTypeInfo[]][] = [...GROUPS.map(([group, title]): [string, FieldTypeInfo[]] => [t(title), ofGroup(types, group, word)]), [t('其他'), rest]]
  const found = groups.some(([, infos]) => infos.length > 0) || layout.length > 0
  return (
    <aside className="palette-column" aria-label={t('字段类型')}>
      <Input allowClear prefix={<SearchOutlined />} placeholder={t('找字段类型，可用拼音')} aria-label={t('找字段类型')} value={word} onChange={(event) => setWord(event.target.value)} />
      <div className="palette-groups">
        {catalog.isPending ? <CardSkeleton lines={6} /> : null}
        {groups.filter(([, infos]) => infos.length > 0).map(([title, infos]) => (
          <section key={title}>
            <h3>{title}</h3>
            <div className="palette-grid">
              {infos.map((info) => <PaletteItem key={info.type} id={info.type} part={{ kind: 'field', info }} icon={<FieldIcon name={info.icon} />} title={pick(info, 'title').replace(/[（(].*[）)]$/, '')} text={pick(info, 'title')} onAdded={onAdded} />)}
            </div>
          </section>
        ))}
        {layout.length > 0 && !catalog.isPending ? (
          <section>
            <h3>{t('布局')}</h3>
            <div className="palette-grid">{layout.map((part) => <PaletteItem key={part.type} id={`layout-${part.type}`} part={{ kind: 'layout', type: part.type }} icon={<span className="field-icon" aria-hidden="true">{part.icon}</span>} title={t(part.title)} onAdded={onAdded} />)}</div>
          </section>
        ) : null}
        {catalog.isSuccess && !found ? <p className="faint">{t('没有这种字段，换个词试试')}</p> : null}
      </div>
    </aside>
  )
}
