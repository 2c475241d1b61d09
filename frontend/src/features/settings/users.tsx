/** Users: who may do what, whom they report to. */
import { PlusOutlined, TeamOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Form, Input, Select, Switch, Table } from 'antd'
import type { TFunction } from 'i18next'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { Page, User } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import type { Columns } from '../../components/list-view'
import { PageHeader } from '../../components/page-header'
import { ProblemList } from '../../components/problems'
import { Empty, Failed, TableSkeleton } from '../../components/states'
import { StateTag, Status } from '../../components/status'
import { usePhone } from '../../components/use-phone'
import { Handover } from './handover'

const SYSTEM_ROLES: [string, string][] = [['admin', '管理员'], ['designer', '设计者'], ['operator', '操作员'], ['viewer', '访客']]
const BUSINESS_ROLES: [string, string][] = [['buyer', '采购'], ['manager', '主管']]
const ROLE_NAMES = new Map([...SYSTEM_ROLES, ...BUSINESS_ROLES])

interface Answers {
  key: string
  name: string
  password?: string
  system: string
  business: string[]
  email?: string
  phone?: string
  superior?: string
  active: boolean
}

const bodyOf = (answers: Answers, isNew: boolean): Record<string, unknown> => ({
  ...(isNew ? { key: answers.key } : {}),
  name: answers.name,
  ...(answers.password ? { password: answers.password } : {}),
  roles: [answers.system, ...answers.business],
  email: answers.email || null,
  phone: answers.phone || null,
  superior: answers.superior || null,
  active: answers.active,
})

const UserDrawer = ({ user, users, onClose }: { user: User | null; users: User[]; onClose: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Answers>()
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (answers: Answers) => (user ? api.patch(`/users/${user.key}`, bodyOf(answers, false)) : api.post('/users', bodyOf(answers, true))),
    onSuccess: () => {
      void message.success(user ? t('已保存') : t('已添加'))
      void queryClient.invalidateQueries({ queryKey: ['users'] })
      onClose()
    },
  })
  const system = user?.roles.find((role) => SYSTEM_ROLES.some(([key]) => key === role)) ?? 'operator'
  const business = user?.roles.filter((role) => !SYSTEM_ROLES.some(([key]) => key === role)) ?? []
  const problems = save.error instanceof ApiError ? save.error.problems : []
  return (
    <Drawer open size={480} title={user ? user.name : t('添加用户')} onClose={onClose} extra={<Button type="primary" loading={save.isPending} onClick={() => form.submit()}>{t('保存')}</Button>}>
      <Form<Answers> form={form} layout="vertical" initialValues={{ ...user, system, business, active: user?.active ?? true, email: user?.email ?? '', phone: user?.phone ?? '', superior: user?.superior ?? undefined }} onFinish={(answers) => save.mutate(answers)}>
        <Form.Item name="key" label={t('用户名')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,54}$/, message: t('小写字母开头，只含小写字母、数字和下划线') }]}><Input disabled={user !== null} autoComplete="off" /></Form.Item>
        <Form.Item name="name" label={t('姓名')} rules={[{ required: true, message: t('请输入姓名') }]}><Input /></Form.Item>
        <Form.Item name="password" label={user ? t('新密码（不改就留空）') : t('密码')} rules={[{ required: !user, min: 8, message: t('至少 8 个字符') }]}><Input.Password autoComplete="new-password" /></Form.Item>
        <Form.Item name="system" label={t('权限')}><Select options={SYSTEM_ROLES.map(([value, label]) => ({ value, label: t(label) }))} /></Form.Item>
        <Form.Item name="business" label={t('业务角色')} extra={t('审批和通知按业务角色找人')}><Select mode="tags" options={BUSINESS_ROLES.map(([value, label]) => ({ value, label: t(label) }))} /></Form.Item>
        <Form.Item name="superior" label={t('上级')}><Select allowClear showSearch={{ optionFilterProp: 'label' }} options={users.filter((other) => other.key !== user?.key).map((other) => ({ value: other.key, label: other.name }))} /></Form.Item>
        <Form.Item name="email" label={t('邮箱')} rules={[{ type: 'email', message: t('邮箱格式不对') }]}><Input /></Form.Item>
        <Form.Item name="phone" label={t('手机')}><Input /></Form.Item>
        <Form.Item name="active" label={t('可以登录')} valuePropName="checked"><Switch /></Form.Item>
      </Form>
      {save.isError ? <Alert type="error" showIcon title={errorText(save.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
      {user ? <Handover user={user} users={users} /> : null}
    </Drawer>
  )
}

const roles = (user: User, t: TFunction): string => user.roles.map((role) => t(ROLE_NAMES.get(role) ?? role)).join(' · ')

const userColumns = (t: TFunction, names: Map<string, string>, open: (user: User) => void): Columns<User> => [
  { title: t('姓名'), key: 'name', width: 220, render: (_, user) => <span className="row"><span className="avatar small" aria-hidden="true">{user.name.slice(0, 1)}</span><span className="cell-two"><button type="button" className="cell-title" onClick={() => open(user)}>{user.name}</button><small className="mono">{user.key}</small></span></span> },
  { title: t('角色'), key: 'roles', width: 220, render: (_, user) => roles(user, t) },
  { title: t('上级'), key: 'superior', width: 120, render: (_, user) => (user.superior ? (names.get(user.superior) ?? user.superior) : <span className="faint">—</span>) },
  { title: t('邮箱'), key: 'email', width: 200, render: (_, user) => user.email || <span className="faint">—</span> },
  { title: t('状态'), key: 'active', width: 110, render: (_, user) => (user.active === false ? <StateTag state="disabled" /> : <Status tone="good">{t('可登录')}</Status>) },
]

const UsersPage = () => {
  const { t } = useTranslation()
  const phone = usePhone()
  const [open, setOpen] = useState<User | 'new' | null>(null)
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<User>>('/users') })
  const items = useMemo(() => users.data?.items ?? [], [users.data])
  const columns = useMemo(() => userColumns(t, new Map(items.map((user) => [user.key, user.name])), setOpen), [t, items])
  const add = <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('添加用户')}</Button>
  return (
    <div className="page">
      <PageHeader title={t('用户')} text={t('谁能做什么、向谁汇报')} actions={add} />
      <div className="card">
        {users.isPending ? <TableSkeleton /> : null}
        {users.isError ? <Failed error={users.error} retry={() => void users.refetch()} /> : null}
        {users.isSuccess && items.length === 0 ? <Empty icon={<TeamOutlined />} title={t('还没有同事')} text={t('把同事加进来，预警和审批才有人接。')} action={add} /> : null}
        {items.length > 0 && phone ? <ul className="cards">{items.map((user) => <li key={user.key}><button type="button" className="card-row" onClick={() => setOpen(user)}><span className="card-title">{user.name}</span><span className="card-meta">{user.key} · {roles(user, t)}</span></button></li>)}</ul> : null}
        {items.length > 0 && !phone ? <Table<User> size="middle" className="clickable-rows" columns={columns} dataSource={items} rowKey="key" pagination={items.length > 100 ? { pageSize: 100 } : false} onRow={(user) => ({ onClick: () => setOpen(user) })} scroll={{ x: 870 }} /> : null}
      </div>
      {open ? <UserDrawer user={open === 'new' ? null : open} users={items} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}

export default UsersPage
