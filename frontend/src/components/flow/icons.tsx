/** The icon and the colour family of each kind of step. */
import { ApartmentOutlined, ApiOutlined, AuditOutlined, BellOutlined, BlockOutlined, CalculatorOutlined, ClockCircleOutlined, DeleteOutlined, EditOutlined, FileAddOutlined, ForkOutlined, FormOutlined, MailOutlined, MergeCellsOutlined, NotificationOutlined, PlayCircleOutlined, PlusCircleOutlined, SearchOutlined, ShoppingCartOutlined, StopOutlined, ThunderboltOutlined, UnorderedListOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'

const ICONS: Record<string, ReactNode> = {
  start: <PlayCircleOutlined />, end: <StopOutlined />, terminate: <StopOutlined />, task: <FormOutlined />, approval: <AuditOutlined />, cc: <MailOutlined />,
  exclusive: <ForkOutlined rotate={180} />, parallel: <PlusCircleOutlined />, inclusive: <ApartmentOutlined />, join: <MergeCellsOutlined />, each: <UnorderedListOutlined />, event: <ThunderboltOutlined />,
  timer: <ClockCircleOutlined />, signal: <NotificationOutlined />, set: <CalculatorOutlined />, call: <BlockOutlined />, create_record: <FileAddOutlined />, update_record: <EditOutlined />,
  query_records: <SearchOutlined />, delete_record: <DeleteOutlined />, webhook: <ApiOutlined />, notify: <BellOutlined />, replenish: <ShoppingCartOutlined />,
}

export const nodeIcon = (type: string): ReactNode => ICONS[type] ?? <BlockOutlined />

const FAMILIES: Record<string, string> = { approval: 'approval', task: 'task', each: 'task', cc: 'tell', notify: 'tell', timer: 'wait', signal: 'wait' }

/** The colour of a step's head: deciding, doing, telling, waiting, data. */
export const familyOf = (type: string): string => FAMILIES[type] ?? 'data'
