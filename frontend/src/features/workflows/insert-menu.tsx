/** What can be put in at a +: kinds of steps by what they are for, found by typing; or what was copied. */
import { SnippetsOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import PinyinMatch from 'pinyin-match'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { familyOf, nodeIcon } from '../../components/flow/icons'
import { pick } from '../../i18n'
import { typeset } from '../../lib/typeset'
import { MENU, type NodeKind } from './lib/kinds'

interface Props {
  at: { x: number; y: number }
  kinds: readonly NodeKind[]
  mayEnd: boolean
  mayPaste: boolean
  onPick: (type: string) => void
  onPaste: () => void
  onClose: () => void
}

const found = (kind: NodeKind, word: string): boolean => word === '' || `${kind.title} ${kind.title_en} ${kind.sentence ?? ''}`.toLowerCase().includes(word) || Boolean(PinyinMatch.match(kind.title, word))

const Choice = ({ kind, onPick }: { kind: NodeKind; onPick: (type: string) => void }) => (
  <button type="button" role="menuitem" className={`insert-choice ${familyOf(kind.type)}`} title={typeset(pick(kind, 'sentence'))} onClick={() => onPick(kind.type)}>
    <span className="insert-icon" aria-hidden="true">{nodeIcon(kind.type)}</span>
    <span className="cell-two"><span>{pick(kind, 'title')}</span><small>{typeset(pick(kind, 'sentence'))}</small></span>
  </button>
)

export const InsertMenu = ({ at, kinds, mayEnd, mayPaste, onPick, onPaste, onClose }: Props) => {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const [word, setWord] = useState('')
  const [place, setPlace] = useState({ left: at.x + 18, top: at.y - 60 })
  useLayoutEffect(() => {
    const size = box.current?.getBoundingClientRect()
    if (size) setPlace({ left: Math.max(8, Math.min(at.x + 18, window.innerWidth - size.width - 8)), top: Math.max(8, Math.min(at.y - 60, window.innerHeight - size.height - 8)) })
  }, [at])
  useEffect(() => {
    const outside = (event: MouseEvent): void => {
      if (!box.current?.contains(event.target as globalThis.Node)) onClose()
    }
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose()
    }
    window.addEventListener('mousedown', outside)
    window.addEventListener('keydown', key)
    return () => {
      window.removeEventListener('mousedown', outside)
      window.removeEventListener('keydown', key)
    }
  }, [onClose])
  const wanted = word.trim().toLowerCase()
  const groups = MENU.map((group) => ({ ...group, found: group.kinds.filter((type) => mayEnd || (type !== 'end' && type !== 'terminate')).map((type) => kinds.find((kind) => kind.type === type)).filter((kind): kind is NodeKind => kind !== undefined && found(kind, wanted)) })).filter((group) => group.found.length > 0)
  const first = groups[0]?.found[0]
  return createPortal(
    <div ref={box} className="insert-menu" role="menu" aria-label={t('加一步')} style={place}>
      <Input autoFocus aria-label={t('找一种步骤')} placeholder={t('找一种步骤，如“审批”“等”')} value={word} onChange={(event) => setWord(event.target.value)} onPressEnter={() => { if (first) onPick(first.type) }} />
      {mayPaste && wanted === '' ? <button type="button" role="menuitem" className="insert-choice" onClick={onPaste}><span className="insert-icon" aria-hidden="true"><SnippetsOutlined /></span><span>{t('粘贴复制的步骤')}</span></button> : null}
      {groups.map((group) => (
        <div key={group.title} className="insert-group">
          <div className="insert-title">{t(group.title)}</div>
          <div className="insert-grid">{group.found.map((kind) => <Choice key={kind.type} kind={kind} onPick={onPick} />)}</div>
        </div>
      ))}
      {groups.length === 0 ? <p className="faint">{t('没有找到')}</p> : null}
    </div>,
    document.body,
  )
}
