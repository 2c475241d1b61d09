/** Icons of the navigation that load after the page: each stands for the one of the same name. */
import { createElement, lazy, Suspense } from 'react'

type Name = keyof typeof import('./nav-icon-set')

const BLANK = <span className="anticon nav-icon-blank" />

const icon = (name: Name) => {
  const Drawn = lazy(async () => ({ default: (await import('./nav-icon-set'))[name] }))
  return () => createElement(Suspense, { fallback: BLANK }, createElement(Drawn))
}

export const AlertOutlined = icon('AlertOutlined')
export const ApartmentOutlined = icon('ApartmentOutlined')
export const ApiOutlined = icon('ApiOutlined')
export const AppstoreOutlined = icon('AppstoreOutlined')
export const AuditOutlined = icon('AuditOutlined')
export const BarChartOutlined = icon('BarChartOutlined')
export const BellOutlined = icon('BellOutlined')
export const BranchesOutlined = icon('BranchesOutlined')
export const CalculatorOutlined = icon('CalculatorOutlined')
export const CheckSquareOutlined = icon('CheckSquareOutlined')
export const ContainerOutlined = icon('ContainerOutlined')
export const DashboardOutlined = icon('DashboardOutlined')
export const FileTextOutlined = icon('FileTextOutlined')
export const FireOutlined = icon('FireOutlined')
export const FormOutlined = icon('FormOutlined')
export const GiftOutlined = icon('GiftOutlined')
export const ImportOutlined = icon('ImportOutlined')
export const LineChartOutlined = icon('LineChartOutlined')
export const MailOutlined = icon('MailOutlined')
export const PartitionOutlined = icon('PartitionOutlined')
export const SafetyCertificateOutlined = icon('SafetyCertificateOutlined')
export const ScanOutlined = icon('ScanOutlined')
export const SendOutlined = icon('SendOutlined')
export const ShoppingCartOutlined = icon('ShoppingCartOutlined')
export const SlidersOutlined = icon('SlidersOutlined')
export const SwapOutlined = icon('SwapOutlined')
export const TableOutlined = icon('TableOutlined')
export const TeamOutlined = icon('TeamOutlined')
