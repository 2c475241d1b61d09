/** The one table of pages: path, lazy page, who sees it, where it stands in the navigation. */
import {
  AlertOutlined, CheckSquareOutlined, ContainerOutlined, DashboardOutlined, FormOutlined, ShoppingCartOutlined, SlidersOutlined,
} from '@ant-design/icons'
import type { ComponentType, ReactNode } from 'react'

type Page = () => Promise<{ default: ComponentType }>

export interface PageEntry {
  path: string
  page: Page
  nav?: { group: NavGroup; label: string; icon: ReactNode; roles?: string[]; phone?: boolean; badge?: 'alerts' | 'todos' | 'messages' }
}

export type NavGroup = '' | '备货' | '搭建' | '系统'
export const NAV_GROUPS: NavGroup[] = ['', '备货', '搭建', '系统']

export const PAGES: PageEntry[] = [
  { path: '', page: () => import('../features/overview/page'), nav: { group: '', label: '看板', icon: <DashboardOutlined />, phone: true } },
  { path: 'alerts', page: () => import('../features/alerts/board'), nav: { group: '', label: '预警', icon: <AlertOutlined />, phone: true, badge: 'alerts' } },
  { path: 'alerts/:id', page: () => import('../features/alerts/alert') },
  { path: 'todos', page: () => import('../features/inbox/list'), nav: { group: '', label: '待办', icon: <CheckSquareOutlined />, phone: true, badge: 'todos' } },
  { path: 'todos/:id', page: () => import('../features/inbox/todo') },
  { path: 'tasks', page: () => import('../features/tasks/tasks'), nav: { group: '备货', label: '补货', icon: <ShoppingCartOutlined /> } },
  { path: 'orders', page: () => import('../features/tasks/orders'), nav: { group: '备货', label: '采购单', icon: <ContainerOutlined /> } },
  { path: 'rules', page: () => import('../features/rules/list'), nav: { group: '搭建', label: '规则', icon: <SlidersOutlined /> } },
  { path: 'rules/new', page: () => import('../features/rules/new') },
  { path: 'rules/:key', page: () => import('../features/rules/builder') },
  { path: 'records', page: () => import('../features/records/forms'), nav: { group: '搭建', label: '表单', icon: <FormOutlined /> } },
  { path: 'records/:form', page: () => import('../features/records/grid') },
]
