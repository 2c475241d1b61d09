/** Saved views: how somebody looks at a list, kept under a name, for oneself or for everybody. */
import { DeleteOutlined, DownOutlined, SaveOutlined, TeamOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Checkbox, Dropdown, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page } from '../../api/types'
import { can, queryClient, useMe } from '../../app/query'
import type { SavedView, ViewSettings } from './types'

interface Props {
  form: string
  settings: ViewSettings
  current: number | null
  onChoose: (view: SavedView | null) => void
}

export const useViews = (form: string) => useQuery({ queryKey: ['views', form], queryFn: () => api.get<Page<SavedView>>(`/forms/${form}/views`), staleTime: 60_000 })

const SaveModal = ({ form, settings, onSaved, onClose }: Pick<Props, 'form' | 'settings'> & { onSaved: (view: SavedView) => void; onClose: () => void }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const save = useMutation({
    mutationFn: () => api.post<SavedView>(`/forms/${form}/views`, { name: name.trim(), shared, settings }),
    onSuccess: (view) => {
      void queryClient.invalidateQueries({ queryKey: ['views', form] })
      onSaved(view)
    },
  })
  return (
    <Modal open title={t('保存视图')} okText={t('保存')} okButtonProps={{ disabled: name.trim() === '', loading: save.isPending }} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack tight">
        <Input autoFocus aria-label={t('视图名称')} placeholder={t('比如：本周要补的爆款')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} onPressEnter={() => name.trim() && save.mutate()} />
        <p className="faint">{t('筛选、排序、分组和列都会记住。')}</p>
        {can(user.roles, 'designer') ? <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>{t('大家都能看到')}</Checkbox> : null}
      </div>
    </Modal>
  )
}

export const ViewsBar = ({ form, settings, current, onChoose }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const [saving, setSaving] = useState(false)
  const views = useViews(form)
  const items = views.data?.items ?? []
  const chosen = items.find((view) => view.id === current)
  const own = chosen && (chosen.owner === user.key || user.roles.includes('admin'))
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['views', form] })
  const overwrite = useMutation({ mutationFn: (id: number) => api.put(`/forms/${form}/views/${id}`, { settings }), onSuccess: () => { void message.success(t('视图已更新')); refresh() } })
  const remove = useMutation({ mutationFn: (id: number) => api.delete(`/forms/${form}/views/${id}`), onSuccess: () => { onChoose(null); refresh() } })
  const menu = {
    selectedKeys: [String(current ?? 'all')],
    items: [
      { key: 'all', label: t('全部记录') },
      ...items.map((view) => ({ key: String(view.id), label: view.name, icon: view.shared ? <TeamOutlined /> : undefined })),
      { type: 'divider' as const },
      { key: 'save', icon: <SaveOutlined />, label: t('存为新视图') },
      ...(own ? [{ key: 'update', icon: <SaveOutlined />, label: t('用现在的样子更新“{{name}}”', { name: chosen.name }) }, { key: 'remove', icon: <DeleteOutlined />, danger: true, label: t('删除视图“{{name}}”', { name: chosen.name }) }] : []),
    ],
    onClick: ({ key }: { key: string }): void => {
      if (key === 'save') setSaving(true)
      else if (key === 'update' && chosen) overwrite.mutate(chosen.id)
      else if (key === 'remove' && chosen) remove.mutate(chosen.id)
      else onChoose(items.find((view) => String(view.id) === key) ?? null)
    },
  }
  return (
    <>
      <Dropdown menu={menu} trigger={['click']}><Button>{chosen?.name ?? t('全部记录')} <DownOutlined className="faint" /></Button></Dropdown>
      {saving ? <SaveModal form={form} settings={settings} onClose={() => setSaving(false)} onSaved={(view) => { setSaving(false); onChoose(view) }} /> : null}
    </>
  )
}
