/** Who may do what with the records of this form; without any group the four system roles decide. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { DefinitionItem, FormPermission, Page } from '../../api/types'
import { PermissionEditor } from '../../components/permission-editor'
import { Empty } from '../../components/states'
import { defined } from '../../lib/form/editing'
import { edit, useForm } from './store'

const SYSTEM: [string, string][] = [['everyone', '所有人'], ['designer', '设计者'], ['operator', '操作员'], ['viewer', '访客']]

const setGroups = (change: (groups: FormPermission[]) => FormPermission[], what?: string): void => edit((form) => {
  const groups = change(form.permissions ?? [])
  return defined({ ...form, permissions: groups.length > 0 ? groups : undefined })
}, what)

const addGroup = (role: string): void => setGroups((groups) => [...groups, { role, can: ['view'] }])

export const RightsView = () => {
  const { t } = useTranslation()
  const form = useForm()
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => api.get<Page<DefinitionItem>>('/roles') })
  const groups = form.permissions ?? []
  const names = new Map([...SYSTEM.map(([key, name]): [string, string] => [key, t(name)]), ...(roles.data?.items ?? []).map((role): [string, string] => [role.key, role.name || role.key])])
  const free = [...names].filter(([key]) => !groups.some((group) => group.role === key)).map(([value, label]) => ({ value, label }))
  const picker = <Select aria-label={t('加一组人')} value={null} placeholder={<span><PlusOutlined /> {t('加一组人')}</span>} options={free} onChange={(role: string | null) => { if (role) addGroup(role) }} style={{ width: 180 }} />
  return (
    <div className="logic stack">
      <section className="card">
        <div className="card-head"><div><h2>{t('谁能做什么')}</h2><p className="faint">{t('几组合在一起算：一个人属于几组，能做的事就加起来。')} <Link to="/settings/roles">{t('角色与权限')}</Link></p></div>{groups.length > 0 ? picker : null}</div>
        <ul className="card-body stack">
          {groups.map((group, index) => (
            <li key={group.role} className="logic-card" id={`rights-${index}`}>
              <div className="row between"><strong>{names.get(group.role) ?? group.role}</strong><Button type="text" icon={<DeleteOutlined />} aria-label={t('删除“{{title}}”', { title: names.get(group.role) ?? group.role })} onClick={() => setGroups((all) => all.filter((_, at) => at !== index))} /></div>
              <PermissionEditor value={group} form={form} onChange={(next) => setGroups((all) => all.map((one, at) => (at === index ? { ...next, role: group.role } : one)), `rights-${index}`)} />
            </li>
          ))}
        </ul>
        {groups.length === 0 ? <Empty title={t('没有单独的权限')} text={t('现在按身份来：操作员能填写和修改，访客只能看。加一组人后，只有点到名的人能用这张表单。')} action={picker} /> : null}
      </section>
    </div>
  )
}
