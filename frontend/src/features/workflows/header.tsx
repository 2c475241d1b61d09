/** The designer's head: name, save state, undo and redo, versions, publish. */
import { CloudOutlined, DiffOutlined, HistoryOutlined, QuestionCircleOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { Button, Input, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { SaveWord } from '../../components/draft/save-word'
import type { Draft } from '../../components/draft/use-draft'
import { PageHeader } from '../../components/page-header'
import { usePhone } from '../../components/use-phone'
import type { Flow } from '../../lib/flow/model'
import { COMMAND, SHIFT } from '../../lib/keyboard'
import { edit, useHistory } from './store'

interface Props {
  flow: Flow
  version: number | null
  hasDraft: boolean
  draft: Draft<Flow>
  readOnly: boolean
  problems: number
  onPublish: () => void
  onVersions: () => void
  onCompare: () => void
  onHelp: () => void
}

export const DesignerHeader = ({ flow, version, hasDraft, draft, readOnly, problems, onPublish, onVersions, onCompare, onHelp }: Props) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const undo = useHistory((state) => state.undo)
  const redo = useHistory((state) => state.redo)
  const canUndo = useHistory((state) => state.pastStates.length > 0)
  const canRedo = useHistory((state) => state.futureStates.length > 0)
  const pending = hasDraft || draft.state !== 'clean'
  const published = version !== null && version > 0
  return (
    <PageHeader
      back={{ to: '/workflows', label: t('流程') }}
      documentTitle={flow.name}
      title={readOnly || phone ? flow.name : <Input className="title-input" variant="borderless" aria-label={t('流程名称')} maxLength={200} value={flow.name} onChange={(event) => edit((now) => ({ ...now, name: event.target.value }), 'name')} />}
      text={<span className="row wrap"><span>{!published ? t('还没有发布') : pending ? t('第 {{n}} 版在用，有未发布的修改', { n: version }) : t('第 {{n}} 版在用', { n: version })}</span><SaveWord draft={draft} /></span>}
      actions={(
        <>
          {readOnly || phone ? null : (
            <>
              <Tooltip title={`${t('撤销')} ${COMMAND}Z`}><Button type="text" icon={<UndoOutlined />} aria-label={t('撤销')} disabled={!canUndo} onClick={() => undo()} /></Tooltip>
              <Tooltip title={`${t('重做')} ${SHIFT}${COMMAND}Z`}><Button type="text" icon={<RedoOutlined />} aria-label={t('重做')} disabled={!canRedo} onClick={() => redo()} /></Tooltip>
              <Tooltip title={`${t('快捷键')} ?`}><Button type="text" icon={<QuestionCircleOutlined />} aria-label={t('快捷键')} onClick={onHelp} /></Tooltip>
            </>
          )}
          {phone ? null : <Button icon={<HistoryOutlined />} onClick={onVersions}>{t('版本')}</Button>}
          {phone || !published ? null : <Button icon={<DiffOutlined />} onClick={onCompare}>{t('对比')}</Button>}
          {readOnly || phone ? null : <Button type="primary" icon={<CloudOutlined />} disabled={draft.state === 'conflict' || (!pending && published)} onClick={onPublish}>{problems > 0 ? t('发布（{{n}} 处要改）', { n: problems }) : t('发布')}</Button>}
        </>
      )}
    />
  )
}
