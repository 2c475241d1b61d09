/** The notice at the size of a phone, and how much of the channel's limit it takes. */
import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { Status } from '../../components/status'
import type { Preview } from './model'

const Limit = ({ preview }: { preview: Preview }) => {
  const { t } = useTranslation()
  const { limit, size } = preview
  const [used, most, unit] = limit.characters !== null ? [size.characters, limit.characters, t('字')] : [size.size, limit.size, t('字节')]
  if (most === null) return <p className="faint">{t('{{n}} 字 · 这个渠道没有长度限制', { n: size.characters })}</p>
  return (
    <div className="limit">
      <Progress percent={Math.min(100, Math.round((used / most) * 100))} status={used > most ? 'exception' : 'normal'} showInfo={false} size="small" />
      <span className={used > most ? 'critical-word' : 'soft'}>{used} / {most} {unit}{limit.links ? '' : ` · ${t('不能带链接')}`}{limit.lines ? '' : ` · ${t('只能一行')}`}</span>
    </div>
  )
}

export const Phone = ({ preview, language }: { preview: Preview | undefined; language: 'zh' | 'en' }) => {
  const { t } = useTranslation()
  return (
    <aside className="phone-side">
      <div className="preview-phone" lang={language} aria-label={t('预览')}>
        <div className="preview-top">9:41</div>
        <div className="bubble">
          <strong>{preview?.title}</strong>
          <p>{preview?.body}</p>
          <span className="bubble-button">{preview?.act}</span>
        </div>
      </div>
      {preview ? <Limit preview={preview} /> : null}
      {preview ? <p>{preview.is_real ? <Status tone="good" plain>{t('用的是最新一条真实预警')}</Status> : <Status tone="unknown" plain>{t('还没有预警，用的是示例')}</Status>}</p> : null}
    </aside>
  )
}
