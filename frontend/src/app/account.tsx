/** Who is logged in; language, light or dark, log out. */
import { BulbOutlined, GlobalOutlined, LogoutOutlined, MoonOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Language } from '../api/types'
import { language, switchLanguage } from '../i18n'
import { queryClient, useMe } from './query'
import { useTheme } from './theme'

const ROLE_NAMES: Record<string, string> = { admin: '管理员', designer: '设计者', operator: '操作员', viewer: '访客', buyer: '采购', manager: '主管' }

export const Account = () => {
  const { t } = useTranslation()
  const { user } = useMe()
  const { dark, toggle } = useTheme()
  const other: Language = language() === 'en' ? 'zh' : 'en'
  const leave = useMutation({
    mutationFn: () => api.delete('/session'),
    onSettled: () => {
      queryClient.clear()
      queryClient.setQueryData(['session'], null)
    },
  })
  const change = (): void => {
    void switchLanguage(other)
    api.patch('/session', { language: other }).catch(() => undefined)
  }
  return (
    <div className="account">
      <span className="avatar" aria-hidden="true">{user.name.slice(0, 1)}</span>
      <span className="account-name">
        <strong>{user.name}</strong>
        <small>{user.roles.map((role) => t(ROLE_NAMES[role] ?? role)).join(' · ')}</small>
      </span>
      <button type="button" className="icon-button" onClick={change} title={other === 'en' ? 'English' : '中文'} aria-label={other === 'en' ? 'Switch to English' : '切换到中文'}><GlobalOutlined /></button>
      <button type="button" className="icon-button" onClick={toggle} title={dark ? t('浅色') : t('深色')} aria-label={dark ? t('浅色') : t('深色')}>{dark ? <BulbOutlined /> : <MoonOutlined />}</button>
      <button type="button" className="icon-button" onClick={() => leave.mutate()} title={t('退出')} aria-label={t('退出')}><LogoutOutlined /></button>
    </div>
  )
}
