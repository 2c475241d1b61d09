/** The frame around every page: navigation by task at the left; on a phone a bar of five at the bottom. */
import { MenuOutlined, SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useLocation } from 'react-router'
import { api } from '../api/client'
import type { MessageItem, Overview, Page } from '../api/types'
import { COMMAND } from '../lib/keyboard'
import { usePhone } from '../components/use-phone'
import { storedLanguage, switchLanguage } from '../i18n'
import { Account } from './account'
import { can, connectNotifier, useMe } from './query'
import { NAV_GROUPS, type NavGroup, type PageEntry, PAGES } from './pages'

const Palette = lazy(() => import('./palette'))

type Badges = Record<'alerts' | 'todos' | 'messages', number>

const useBadges = (): Badges => {
  const overview = useQuery({ queryKey: ['overview'], queryFn: () => api.get<Overview>('/overview'), refetchInterval: 60_000 })
  const messages = useQuery({ queryKey: ['messages', 'unread'], queryFn: () => api.get<Page<MessageItem>>('/messages', { limit: 50 }), refetchInterval: 60_000 })
  return {
    alerts: overview.data?.alerts.critical ?? 0,
    todos: overview.data?.todos ?? 0,
    messages: messages.data?.items.filter((item) => !item.read_at).length ?? 0,
  }
}

const shown = (entry: PageEntry, roles: string[]): boolean => Boolean(entry.nav) && (!entry.nav?.roles || can(roles, ...entry.nav.roles))

const NavItem = ({ entry, badges, onGo }: { entry: PageEntry; badges: Badges; onGo?: () => void }) => {
  const { t } = useTranslation()
  const nav = entry.nav
  if (!nav) return null
  const count = nav.badge ? badges[nav.badge] : 0
  return (
    <NavLink to={`/${entry.path}`} end={entry.path === ''} className="nav-item" onClick={onGo}>
      <span className="nav-icon" aria-hidden="true">{nav.icon}</span>
      <span>{t(nav.label)}</span>
      {count > 0 ? <span className={`nav-badge ${nav.badge === 'alerts' ? 'critical' : ''}`}>{count > 99 ? '99+' : count}</span> : null}
    </NavLink>
  )
}

const Navigation = ({ badges, onGo }: { badges: Badges; onGo?: () => void }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const inGroup = (group: NavGroup): PageEntry[] => PAGES.filter((entry) => entry.nav?.group === group && shown(entry, user.roles))
  return (
    <nav className="nav" aria-label={t('主导航')}>
      {NAV_GROUPS.filter((group) => inGroup(group).length > 0).map((group) => (
        <div className="nav-group" key={group}>
          {group ? <div className="nav-title">{t(group)}</div> : null}
          {inGroup(group).map((entry) => <NavItem key={entry.path} entry={entry} badges={badges} onGo={onGo} />)}
        </div>
      ))}
    </nav>
  )
}

const Brand = () => {
  const { t } = useTranslation()
  const { workspace } = useMe()
  return (
    <div className="brand">
      <img src="/app/mark.svg" width={28} height={28} alt="" />
      <span className="brand-name">{workspace.name || `Beihuo ${t('备货')}`}</span>
      {workspace.is_demo ? <span className="brand-demo" title={t('演示店铺，数据是模拟的')}>{t('演示')}</span> : null}
    </div>
  )
}

const Sidebar = ({ badges, openPalette }: { badges: Badges; openPalette: () => void }) => {
  const { t } = useTranslation()
  return (
    <aside className="sidebar">
      <Brand />
      <button type="button" className="search-button" onClick={openPalette}>
        <SearchOutlined aria-hidden="true" /> <span>{t('搜索或跳转')}</span> <kbd>{COMMAND}K</kbd>
      </button>
      <Navigation badges={badges} />
      <Account />
    </aside>
  )
}

const PhoneBars = ({ badges, openPalette }: { badges: Badges; openPalette: () => void }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { user } = useMe()
  const tabs = PAGES.filter((entry) => entry.nav?.phone && shown(entry, user.roles))
  return (
    <>
      <div className="phone-top">
        <Brand />
        <button type="button" className="icon-button" aria-label={t('搜索或跳转')} onClick={openPalette}><SearchOutlined /></button>
      </div>
      <nav className="phone-tabs" aria-label={t('主导航')}>
        {tabs.map((entry) => <NavItem key={entry.path} entry={entry} badges={badges} onGo={() => setOpen(false)} />)}
        <button type="button" className="nav-item" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="nav-icon"><MenuOutlined /></span>
          <span>{t('更多')}</span>
        </button>
      </nav>
      {open ? (
        <div className="phone-sheet" role="dialog" aria-label={t('更多')}>
          <Navigation badges={badges} onGo={() => setOpen(false)} />
          <Account />
        </div>
      ) : null}
    </>
  )
}

const usePaletteKey = (open: () => void): void => {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        open()
      }
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [open])
}

export const Shell = () => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { user } = useMe()
  const phone = usePhone()
  const badges = useBadges()
  const location = useLocation()
  const [palette, setPalette] = useState(false)
  useEffect(() => connectNotifier((text) => void message.error(text)), [message])
  useEffect(() => {
    if (!localStorage.getItem('beihuo.language')) void switchLanguage(user.language ?? storedLanguage())
  }, [user.language])
  useEffect(() => {
    window.scrollTo(0, 0) // newer browsers return a promise, which an effect must not
  }, [location.pathname])
  usePaletteKey(() => setPalette(true))
  const openPalette = (): void => setPalette(true)
  return (
    <div className="shell">
      <a className="skip" href="#main">{t('跳到正文')}</a>
      {phone ? <PhoneBars badges={badges} openPalette={openPalette} /> : <Sidebar badges={badges} openPalette={openPalette} />}
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      {palette ? <Suspense fallback={null}><Palette onClose={() => setPalette(false)} /></Suspense> : null}
    </div>
  )
}
