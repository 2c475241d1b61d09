/** Quick phrases for a comment: the usual ones and one's own. */
import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keepPhrases, PHRASES, storedPhrases } from './words'

export const Phrases = ({ comment, onPick }: { comment: string; onPick: (text: string) => void }) => {
  const { t } = useTranslation()
  const [own, setOwn] = useState(storedPhrases)
  const keep = (next: string[]): void => {
    setOwn(next)
    keepPhrases(next)
  }
  const text = comment.trim()
  const isNew = text !== '' && !own.includes(text) && !PHRASES.includes(text)
  return (
    <div className="phrases" role="group" aria-label={t('常用语')}>
      {own.map((phrase) => <span key={phrase} className="phrase own"><button type="button" onClick={() => onPick(phrase)}>{phrase}</button><button type="button" className="phrase-remove" aria-label={t('删掉这句常用语')} onClick={() => keep(own.filter((other) => other !== phrase))}><CloseOutlined /></button></span>)}
      {PHRASES.map((phrase) => <button key={phrase} type="button" className="phrase" onClick={() => onPick(t(phrase))}>{t(phrase)}</button>)}
      {isNew ? <button type="button" className="phrase add" onClick={() => keep([text, ...own])}><PlusOutlined aria-hidden="true" /> {t('存为常用语')}</button> : null}
    </div>
  )
}
