/** The one table of pages: path, lazy page, who sees it, where it stands in the navigation. */
import {
  AlertOutlined, ApartmentOutlined, ApiOutlined, AppstoreOutlined, AuditOutlined, BarChartOutlined, BellOutlined, BranchesOutlined, CalculatorOutlined,
  CheckSquareOutlined, ContainerOutlined, DashboardOutlined, FileTextOutlined, FireOutlined, FormOutlined, GiftOutlined, ImportOutlined,
  LineChartOutlined, MailOutlined, PartitionOutlined, SafetyCertificateOutlined, ScanOutlined, SendOutlined, ShoppingCartOutlined, SlidersOutlined,
  SwapOutlined, TableOutlined, TeamOutlined,
} from './nav-icons'
import type { ComponentType, ReactNode } from 'react'

type Page = () => Promise<{ default: ComponentType }>

export interface PageEntry {
  path: string
  page: Page
  nav?: { group: NavGroup; label: string; icon: ReactNode; roles?: string[]; phone?: boolean; badge?: 'alerts' | 'todos' | 'messages' }
}

export type NavGroup = '' | '备货' | '搭建' | '系统'
export const NAV_GROUPS: NavGroup[] = ['', '备货', '搭建', '系统']

const DESIGN = ['designer']

export const PAGES: PageEntry[] = [
  { path: '', page: () => import('../features/overview/page'), nav: { group: '', label: '看板', icon: <DashboardOutlined />, phone: true } },
  { path: 'dashboards', page: () => import('../features/dashboards/list'), nav: { group: '', label: '数据看板', icon: <LineChartOutlined /> } },
  { path: 'dashboards/:key', page: () => import('../features/dashboards/page') },
  { path: 'alerts', page: () => import('../features/alerts/board'), nav: { group: '', label: '预警', icon: <AlertOutlined />, phone: true, badge: 'alerts' } },
  { path: 'silences', page: () => import('../features/alerts/silences') },
  { path: 'alerts/:id', page: () => import('../features/alerts/alert') },
  { path: 'todos', page: () => import('../features/inbox/list'), nav: { group: '', label: '待办', icon: <CheckSquareOutlined />, phone: true, badge: 'todos' } },
  { path: 'todos/:id', page: () => import('../features/inbox/todo') },
  { path: 'start-workflow/:key', page: () => import('../features/inbox/start') },
  { path: 'messages', page: () => import('../features/messages/page'), nav: { group: '', label: '消息', icon: <MailOutlined />, phone: true, badge: 'messages' } },
  { path: 'tasks', page: () => import('../features/tasks/tasks'), nav: { group: '备货', label: '补货', icon: <ShoppingCartOutlined /> } },
  { path: 'plans', page: () => import('../features/plans/page'), nav: { group: '备货', label: '计划', icon: <CalculatorOutlined /> } },
  { path: 'orders', page: () => import('../features/tasks/orders'), nav: { group: '备货', label: '采购单', icon: <ContainerOutlined /> } },
  { path: 'orders/:id', page: () => import('../features/orders/order') },
  { path: 'suppliers', page: () => import('../features/orders/suppliers') },
  { path: 'transfers', page: () => import('../features/transfers/page'), nav: { group: '备货', label: '调拨', icon: <SwapOutlined /> } },
  { path: 'stock', page: () => import('../features/stock/page'), nav: { group: '备货', label: '库存', icon: <BarChartOutlined /> } },
  { path: 'stock/matrix', page: () => import('../features/stock/matrix') },
  { path: 'stock/books', page: () => import('../features/ledger/books') },
  { path: 'stock/:sku', page: () => import('../features/ledger/sku') },
  { path: 'channel-stock', page: () => import('../features/ledger/allocation'), nav: { group: '备货', label: '渠道库存', icon: <PartitionOutlined /> } },
  { path: 'stocktakes', page: () => import('../features/stocktakes/list'), nav: { group: '备货', label: '盘点', icon: <ScanOutlined /> } },
  { path: 'stocktakes/:id', page: () => import('../features/stocktakes/count') },
  { path: 'forecasts', page: () => import('../features/forecasts/explorer'), nav: { group: '备货', label: '预测', icon: <LineChartOutlined /> } },
  { path: 'forecasts/accuracy', page: () => import('../features/forecasts/accuracy') },
  { path: 'forecasts/runs', page: () => import('../features/forecasts/runs') },
  { path: 'promotions', page: () => import('../features/promotions/calendar'), nav: { group: '备货', label: '大促', icon: <FireOutlined /> } },
  { path: 'promotions/simulate', page: () => import('../features/promotions/simulator') },
  { path: 'promotions/:id', page: () => import('../features/promotions/review') },
  { path: 'rules', page: () => import('../features/rules/list'), nav: { group: '搭建', label: '规则', icon: <SlidersOutlined /> } },
  { path: 'rules/new', page: () => import('../features/rules/new') },
  { path: 'rules/unknown', page: () => import('../features/rules/unknown') },
  { path: 'rules/:key', page: () => import('../features/rules/builder') },
  { path: 'workflows', page: () => import('../features/workflows/list'), nav: { group: '搭建', label: '流程', icon: <ApartmentOutlined /> } },
  { path: 'workflows/new', page: () => import('../features/workflows/new') },
  { path: 'workflows/:key', page: () => import('../features/workflows/designer') },
  { path: 'instances/:id', page: () => import('../features/workflows/instance') },
  { path: 'records', page: () => import('../features/records/forms'), nav: { group: '备货', label: '数据', icon: <TableOutlined /> } },
  { path: 'records/:form', page: () => import('../features/records/grid') },
  { path: 'records/:form/:id', page: () => import('../features/records/record') },
  { path: 'forms', page: () => import('../features/forms/list'), nav: { group: '搭建', label: '表单', icon: <FormOutlined />, roles: DESIGN } },
  { path: 'forms/:key/design', page: () => import('../features/forms/designer') },
  { path: 'packs', page: () => import('../features/packs/gallery'), nav: { group: '搭建', label: '模板包', icon: <GiftOutlined /> } },
  { path: 'packs/:key', page: () => import('../features/packs/pack') },
  { path: 'import', page: () => import('../features/imports/page'), nav: { group: '搭建', label: '导入', icon: <ImportOutlined />, roles: ['designer', 'operator'] } },
  { path: 'start', page: () => import('../features/imports/first-run'), nav: { group: '搭建', label: '开始我的店', icon: <AppstoreOutlined />, roles: DESIGN } },
  { path: 'notices', page: () => import('../features/notices/page'), nav: { group: '系统', label: '我的通知', icon: <BellOutlined /> } },
  { path: 'routes', page: () => import('../features/routes/page'), nav: { group: '系统', label: '通知路由', icon: <BranchesOutlined />, roles: DESIGN } },
  { path: 'routes/:key', page: () => import('../features/routes/editor') },
  { path: 'settings/templates', page: () => import('../features/templates/page'), nav: { group: '系统', label: '消息模板', icon: <FileTextOutlined />, roles: DESIGN } },
  { path: 'governance', page: () => import('../features/governance/page'), nav: { group: '搭建', label: '数据治理', icon: <CheckSquareOutlined /> } },
  { path: 'deliveries', page: () => import('../features/deliveries/page'), nav: { group: '系统', label: '投递记录', icon: <SendOutlined />, roles: DESIGN } },
  { path: 'audit', page: () => import('../features/audit/page'), nav: { group: '系统', label: '审计', icon: <AuditOutlined />, roles: DESIGN } },
  { path: 'settings/channels', page: () => import('../features/channels/page'), nav: { group: '系统', label: '通知渠道', icon: <ApiOutlined />, roles: ['admin'] } },
  { path: 'settings/roles', page: () => import('../features/settings/roles'), nav: { group: '系统', label: '角色与权限', icon: <SafetyCertificateOutlined />, roles: ['admin'] } },
  { path: 'settings/users', page: () => import('../features/settings/users'), nav: { group: '系统', label: '用户', icon: <TeamOutlined />, roles: ['admin'] } },
]
