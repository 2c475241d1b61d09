/** The designer's head: name, save state, undo and redo, views, versions, publish. */
import { CloudOutlined, HistoryOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { Button, Input, Segmented, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { FormDefinition, Problem } from '../../api/types'
import { SaveWord } from '../../components/draft/save-word'
import type { Draft } from '../../components/draft/use-draft'
import { useKeys } from '../../components/draft/use-keys'
import { PageHeader } from '../../components/page-header'
import { usePhone } from '../../components/use-phone'
import { COMMAND, SHIFT } from '../../lib/keyboard'
import { ProblemsButton } from './problems'
import { edit, useDesk, useForm, useHistory, type View } from './store'

interface Props {
  version: number | null
  hasDraft: boolean
  draft: Draft<FormDefinition>
  problems: Problem[]
  known: boolean
  onPublish: () => void
  onVersions: () => void
}

export const DesignerHeader = ({ version, hasDraft, draft, problems, known, onPublish, onVersions }: Props) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const form = useForm()
  const view = useDesk((state) => state.view)
  const show = useDesk((state) => state.show)
  const undo = useHistory((state) => state.undo)
  const redo = useHistory((state) => state.redo)
  const canUndo = useHistory((state) => state.pastStates.length > 0)
  const canRedo = useHistory((state) => state.futureStates.length > 0)
  useKeys(undo, redo, draft.flush)
  const pending = hasDraft || draft.state !== 'clean'
  const published = version !== null && version > 0
  const logic = (form.rules?.length ?? 0) + (form.checks?.length ?? 0)
  const views: { value: View; label: string }[] = [{ value: 'design', label: t('设计') }, { value: 'logic', label: logic > 0 ? `${t('规则与校验')} ${logic}` : t('规则与校验') }, { value: 'rights', label: t('权限') }, { value: 'preview', label: t('预览') }, { value: 'json', label: 'JSON' }]
  return (
    <>
      <PageHeader
        back={{ to: '/forms', label: t('表单') }}
        documentTitle={form.name}
        title={<Input className="title-input" variant="borderless" aria-label={t('表单名称')} maxLength={200} value={form.name} onChange={(event) => edit((given) => ({ ...given, name: event.target.value }), 'form.name')} />}
        text={<span className="row wrap"><span>{!published ? t('还没有发布') : pending ? t('第 {{n}} 版在用，有未发布的修改', { n: version }) : t('第 {{n}} 版在用', { n: version })}</span><SaveWord draft={draft} /></span>}
        actions={(
          <>
            <Tooltip title={`${t('撤销')} ${COMMAND}Z`}><Button type="text" icon={<UndoOutlined />} aria-label={t('撤销')} disabled={!canUndo} onClick={() => undo()} /></Tooltip>
            <Tooltip title={`${t('重做')} ${SHIFT}${COMMAND}Z`}><Button type="text" icon={<RedoOutlined />} aria-label={t('重做')} disabled={!canRedo} onClick={() => redo()} /></Tooltip>
            {phone ? null : <Button icon={<HistoryOutlined />} onClick={onVersions}>{t('版本')}</Button>}
            {published ? <Link to={`/records/${form.key}`} className="plain-link">{t('看记录')}</Link> : null}
            <Button type="primary" icon={<CloudOutlined />} disabled={problems.length > 0 || !known || draft.state === 'conflict' || (!pending && published)} onClick={onPublish}>{t('发布')}</Button>
          </>
        )}
      />
      <div className="designer-bar">
        <Segmented<View> options={views} value={view} onChange={show} />
        <ProblemsButton form={form} problems={problems} known={known} />
      </div>
    </>
  )
}
