/** The icon of a field type, by the name that the catalog gives. */
import {
  AppstoreOutlined, BankOutlined, BarcodeOutlined, CalendarOutlined, CheckSquareOutlined, ClockCircleOutlined, CodeOutlined, DollarOutlined, DownCircleOutlined, EditOutlined, EnvironmentOutlined, FieldNumberOutlined,
  FileTextOutlined, FontSizeOutlined, FunctionOutlined, GlobalOutlined, ImportOutlined, InboxOutlined, LineChartOutlined, LinkOutlined, MailOutlined, PaperClipOutlined, PercentageOutlined, PhoneOutlined,
  PictureOutlined, ShopOutlined, StarOutlined, SwapOutlined, TableOutlined, TagOutlined, TeamOutlined, UnorderedListOutlined, UserOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'

const ICONS: Record<string, ReactNode> = {
  text: <FontSizeOutlined />, paragraph: <UnorderedListOutlined />, number: <FieldNumberOutlined />, money: <DollarOutlined />, percent: <PercentageOutlined />, calendar: <CalendarOutlined />, clock: <ClockCircleOutlined />,
  switch: <SwapOutlined />, select: <DownCircleOutlined />, checkbox: <CheckSquareOutlined />, user: <UserOutlined />, team: <TeamOutlined />, link: <LinkOutlined />, import: <ImportOutlined />, table: <TableOutlined />,
  function: <FunctionOutlined />, barcode: <BarcodeOutlined />, 'paper-clip': <PaperClipOutlined />, picture: <PictureOutlined />, phone: <PhoneOutlined />, mail: <MailOutlined />, global: <GlobalOutlined />,
  environment: <EnvironmentOutlined />, star: <StarOutlined />, edit: <EditOutlined />, 'file-text': <FileTextOutlined />, code: <CodeOutlined />, inbox: <InboxOutlined />, 'line-chart': <LineChartOutlined />,
  shop: <ShopOutlined />, bank: <BankOutlined />, box: <TagOutlined />,
}

export const FieldIcon = ({ name }: { name: string | undefined }) => <span className="field-icon" aria-hidden="true">{ICONS[name ?? ''] ?? <AppstoreOutlined />}</span>
