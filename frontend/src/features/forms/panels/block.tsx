/** The properties of a layout block: its title, its columns, its text, its tabs. */
import { PlusOutlined } from '@ant-design/icons'
import { Button, Input, Segmented, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Block } from '../../../api/types'
import { patchBlock } from '../../../lib/form/editing'
import { blockAt, blocksOf, type Place } from '../../../lib/form/layout'
import { edit, useDesk, useForm } from '../store'
import { Row } from './field'

export const BlockPanel = ({ place }: { place: Place }) => {
  const { t } = useTranslation()
  const form = useForm()
  const select = useDesk((state) => state.select)
  const block = blockAt(blocksOf(form), place)
  if (!block) return null
  const patch = (change: Partial<Block>, what: string): void => edit((given) => patchBlock(given, place, change), `${place.join('.')}.${what}`)
  const titled = ['section', 'tab', 'columns', 'button'].includes(block.type)
  return (
    <div className="properties">
      {titled ? <Row label={t('标题')}><Input aria-label={t('标题')} value={block.title ?? ''} onChange={(event) => patch({ title: event.target.value || undefined }, 'title')} /></Row> : null}
      {titled ? <Row label={t('英文标题')}><Input aria-label={t('英文标题')} value={block.title_en ?? ''} onChange={(event) => patch({ title_en: event.target.value || undefined }, 'title_en')} /></Row> : null}
      {block.type === 'section' || block.type === 'tab' || block.type === 'columns' ? <Row label={t('每行几列')} hint={t('手机上总是一列')}><Segmented block options={[1, 2, 3, 4]} value={block.columns ?? 2} onChange={(columns) => patch({ columns }, 'columns')} /></Row> : null}
      {block.type === 'section' ? <Row label={t('默认收起')} inline><Switch size="small" aria-label={t('默认收起')} checked={block.collapsed === true} onChange={(on) => patch({ collapsed: on ? true : undefined }, 'collapsed')} /></Row> : null}
      {block.type === 'text' ? <Row label={t('说明文字')}><Input.TextArea aria-label={t('说明文字')} autoSize={{ minRows: 3 }} value={block.text ?? ''} onChange={(event) => patch({ text: event.target.value }, 'text')} /></Row> : null}
      {block.type === 'tabs' ? (
        <Row label={t('标签页')}>
          <div className="stack tight">
            {(block.items ?? []).map((tab, index) => <Button key={index} size="small" block onClick={() => select({ kind: 'block', place: [...place, index] })}>{tab.title || t('标签页 {{n}}', { n: index + 1 })}</Button>)}
            <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => patch({ items: [...(block.items ?? []), { type: 'tab', title: t('标签页 {{n}}', { n: (block.items ?? []).length + 1 }), items: [] }] }, 'items')}>{t('加一个标签页')}</Button>
          </div>
        </Row>
      ) : null}
      {block.type === 'divider' ? <p className="faint">{t('一条横线，把上下分开。')}</p> : null}
      {block.items ? <p className="faint">{t('删除分组时，里面的字段会留在原处。')}</p> : null}
    </div>
  )
}
