/** The builder's head: name, save state, undo and redo, versions, run and publish. */
import { CaretRightOutlined, CloudOutlined, HistoryOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { Button, Input, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RuleDefinition } from '../../api/types'
import { SaveWord } from '../../components/draft/save-word'
import type { Draft } from '../../components/draft/use-draft'
import { useKeys } from '../../components/draft/use-keys'
import { PageHeader } from '../../components/page-header'
import { COMMAND, SHIFT } from '../../lib/keyboard'
import { usePhone } from '../../components/use-phone'
import { useBuilder, useHistory } from './store'

interface Props {
  rule: RuleDefinition
  version: number | null
  hasDraft: boolean
  draft: Draft<RuleDefinition>
  readOnly: boolean
  running: boolean
  problems: number
  onRun: () => void
  onPublish: () => void
  onVersions: () => void
}

export const BuilderHeader = ({ rule, version, hasDraft, draft, readOnly, running, problems, onRun, onPublish, onVersions }: Props) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const change = useBuilder((state) => state.change)
  const undo = useHistory((state) => state.undo)
  const redo = useHistory((state) => state.redo)
  const canUndo = useHistory((state) => state.pastStates.length > 0)
  const canRedo = useHistory((state) => state.futureStates.length > 0)
  useKeys(undo, redo, draft.flush)
  const pending = hasDraft || draft.state !== 'clean'
  const published = version !== null && version > 0
  return (
    <PageHeader
      back={{ to: '/rules', label: t('规则') }}
      documentTitle={rule.name}
      title={readOnly ? rule.name : <Input className="title-input" variant="borderless" aria-label={t('规则名称')} maxLength={200} value={rule.name} onChange={(event) => change({ name: event.target.value })} />}
      text={<span className="row wrap"><span>{!published ? t('还没有发布') : pending ? t('第 {{n}} 版在运行，有未发布的修改', { n: version }) : t('第 {{n}} 版在运行', { n: version })}</span><SaveWord draft={draft} /></span>}
      actions={(
        <>
          {readOnly || phone ? null : (
            <>
              <Tooltip title={`${t('撤销')} ${COMMAND}Z`}><Button type="text" icon={<UndoOutlined />} aria-label={t('撤销')} disabled={!canUndo} onClick={() => undo()} /></Tooltip>
              <Tooltip title={`${t('重做')} ${SHIFT}${COMMAND}Z`}><Button type="text" icon={<RedoOutlined />} aria-label={t('重做')} disabled={!canRedo} onClick={() => redo()} /></Tooltip>
            </>
          )}
          {phone ? null : <Button icon={<HistoryOutlined />} onClick={onVersions}>{t('版本')}</Button>}
          <Button icon={<CaretRightOutlined />} disabled={!published} loading={running} onClick={onRun}>{t('立即运行')}</Button>
          {readOnly ? null : <Button type="primary" icon={<CloudOutlined />} disabled={problems > 0 || draft.state === 'conflict' || (!pending && published)} onClick={onPublish}>{t('发布')}</Button>}
        </>
      )}
    />
  )
}
