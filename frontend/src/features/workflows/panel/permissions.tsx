/** Which fields of the form people at this step may write, only read, or not see. */
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFields } from '../../../components/formula/use-check'
import type { FlowNode } from '../../../lib/flow/model'
import { usePanel } from './context'

type Access = 'write' | 'read' | 'hide'

const FIXED = new Set(['formula', 'auto_number'])

const listOf = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [])

export const accessOf = (node: FlowNode, field: string): Access => {
  if (listOf(node.write).includes(field)) return 'write'
  if (node.type === 'task' && node.write === undefined && !listOf(node.hide).includes(field)) return 'write'
  const only = listOf(node.read)
  return listOf(node.hide).includes(field) || (only.length > 0 && !only.includes(field)) ? 'hide' : 'read'
}

/** Say it again as two lists: what may be written, what is hidden; the rest is read. */
export const withAccess = (node: FlowNode, fields: readonly string[], field: string | null, access: Access): Partial<FlowNode> => {
  const all = fields.map((each): [string, Access] => [each, field === null || each === field ? access : accessOf(node, each)])
  const having = (wanted: Access): string[] => all.filter(([, is]) => is === wanted).map(([each]) => each)
  return { write: having('write'), hide: having('hide').length > 0 ? having('hide') : undefined, read: undefined }
}

export const Permissions = ({ node, onChange }: { node: FlowNode; onChange: (patch: Partial<FlowNode>) => void }) => {
  const { t } = useTranslation()
  const { flow, readOnly } = usePanel()
  const found = useFields(flow.form ?? '')
  const fields = (found.data ?? []).filter((field) => !field.path.includes('.'))
  if (!flow.form) return <p className="faint">{t('先在流程设置里选一张表单，才能定字段权限。')}</p>
  const names = fields.map((field) => field.path)
  const options = [{ value: 'write', label: t('可改') }, { value: 'read', label: t('只读') }, { value: 'hide', label: t('隐藏') }]
  return (
    <div className="permissions">
      <div className="permission strong"><span className="grow">{t('全部字段')}</span><Segmented size="small" disabled={readOnly} value={undefined} options={options} onChange={(access) => onChange(withAccess(node, names, null, access as Access))} /></div>
      {fields.map((field) => (
        <div key={field.path} className="permission"><span className="grow ellipsis" title={field.path}>{field.label}</span><Segmented size="small" disabled={readOnly} aria-label={field.label} value={accessOf(node, field.path)} options={FIXED.has(field.type) ? options.slice(1) : options} onChange={(access) => onChange(withAccess(node, names, field.path, access as Access))} /></div>
      ))}
    </div>
  )
}
