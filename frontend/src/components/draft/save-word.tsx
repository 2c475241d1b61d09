/** Whether the draft is saved, in a word; a failed save can be tried again. */
import { CheckOutlined, ExclamationCircleFilled, LoadingOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Moment } from '../moment'
import type { Draft } from './use-draft'
import './draft.css'

export const SaveWord = <D,>({ draft }: { draft: Pick<Draft<D>, 'state' | 'savedAt' | 'flush'> }) => {
  const { t } = useTranslation()
  if (draft.state === 'saving' || draft.state === 'dirty') return <span className="save-word"><LoadingOutlined aria-hidden="true" /> {t('正在保存草稿…')}</span>
  if (draft.state === 'saved') return <span className="save-word"><CheckOutlined aria-hidden="true" /> {t('草稿已保存')} <Moment at={draft.savedAt} /></span>
  if (draft.state === 'failed') return <span className="save-word critical"><ExclamationCircleFilled aria-hidden="true" /> {t('草稿没有保存，')}<button type="button" className="text-button" onClick={() => void draft.flush()}>{t('再试一次')}</button></span>
  return null
}
