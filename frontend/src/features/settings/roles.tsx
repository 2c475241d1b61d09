/** Roles: who is in them, and what they may do with the records of each form. */
import { DeleteOutlined, PlusOutlined, SafetyCertificateOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ApiError } from '../../api/client'
import type { Definition, DefinitionItem, FormDefinition, FormItem, Page, User } from '../../api/types'
import { errorText, queryClient } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { type Permission, PermissionEditor } from '../../components/permission-editor'
import { ProblemList } from '../../components/problems'
import { CardSkeleton, Empty, Failed, TableSkeleton } from '../../components/states'
import { pick } from '../../i18n'
import { freeKey } from '../../lib/form/editing'
import { keyFrom } from '../../lib/form/pinyin'
import './roles.css'

interface Role {
  kind?: 'role'
  key: string
  name?: string
  members?: string[]
  permissions?: (Permission & { form: string })[]
}

const useForms = () => useQuery({ queryKey: ['forms'], queryFn: () => api.get<Page<FormItem & { name_en?: string }>>('/forms') })

const FormRights = ({ value, onChange, onRemove }: { value: Permission & { form: string }; onChange: (value: Permission & { form: string }) => void; onRemove: () => void }) => {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['form', value.form], queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${value.form}`), staleTime: 300_000 })
  const form = found.data?.definition
  return (
    <section className="role-form">
      <div className="row between"><h3>{form ? pick(form, 'name') : value.form}</h3><span className="row"><Link className="faint" to={`/records/${value.form}?as=%3F`}>{t('以这个角色的人查看')}</Link><Button type="text" icon={<DeleteOutlined />} aria-label={t('删除“{{title}}”', { title: form?.name ?? value.form })} onClick={onRemove} /></span></div>
      {form ? <PermissionEditor value={value} form={form} onChange={(next) => onChange({ ...next, form: value.form })} /> : <CardSkeleton lines={2} />}
    </section>
  )
}

const RoleEditor = ({ initial, taken, onSaved }: { initial: Role; taken?: readonly string[]; onSaved: (key: string) => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [role, setRole] = useState(initial)
  const forms = useForms()
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<User>>('/users') })
  const permissions = role.permissions ?? []
  const patch = (change: Partial<Role>): void => setRole({ ...role, ...change })
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: async () => {
      const key = taken ? freeKey(keyFrom(role.name ?? '') || 'role', taken) : role.key
      const found = taken ? null : await api.get<Definition<Role>>(`/roles/${key}`)
      await api.put(`/roles/${key}/draft`, { definition: { ...role, key } }, found?.draft?.etag ?? null)
      await api.post(`/roles/${key}/publish`)
      return key
    },
    onSuccess: (key) => {
      void message.success(t('已保存，马上生效'))
      for (const name of [['roles'], ['role', key], ['access']]) void queryClient.invalidateQueries({ queryKey: name })
      onSaved(key)
    },
  })
  const problems = save.error instanceof ApiError ? save.error.problems : []
  const free = (forms.data?.items ?? []).filter((form) => form.status !== 'draft' && !permissions.some((one) => one.form === form.key))
  const holders = (users.data?.items ?? []).filter((user) => user.roles.includes(role.key) && !(role.members ?? []).includes(user.key))
  return (
    <div className="stack">
      <label><span className="soft">{t('角色名称')}</span><Input aria-label={t('角色名称')} value={role.name ?? ''} onChange={(event) => patch({ name: event.target.value })} /></label>
      <label><span className="soft">{t('成员')}</span><Select aria-label={t('成员')} mode="multiple" optionFilterProp="label" value={role.members ?? []} options={(users.data?.items ?? []).map((user) => ({ value: user.key, label: user.name }))} onChange={(members: string[]) => patch({ members })} style={{ width: '100%' }} /></label>
      {holders.length > 0 ? <p className="faint">{t('在“用户”里给了这个角色的：{{names}}', { names: holders.map((user) => user.name).join('、') })}</p> : null}
      {permissions.map((permission, index) => <FormRights key={permission.form} value={permission} onChange={(next) => patch({ permissions: permissions.map((one, at) => (at === index ? next : one)) })} onRemove={() => patch({ permissions: permissions.filter((_, at) => at !== index) })} />)}
      {permissions.length === 0 ? <p className="soft">{t('还没有给任何表单的权限。没有人被点名的表单，按管理员、设计者、操作员、访客四种身份来。')}</p> : null}
      <Select aria-label={t('给一张表单的权限')} value={null} placeholder={<span><PlusOutlined /> {t('给一张表单的权限')}</span>} showSearch={{ optionFilterProp: 'label' }} options={free.map((form) => ({ value: form.key, label: pick(form, 'name') }))} onChange={(form: string | null) => { if (form) patch({ permissions: [...permissions, { form, can: ['view'] }] }) }} style={{ maxWidth: 280 }} />
      {save.isError ? <Alert type="error" showIcon title={errorText(save.error)} description={problems.length > 0 ? <ProblemList problems={problems} /> : undefined} /> : null}
      <div className="row"><Button type="primary" loading={save.isPending} disabled={!role.name?.trim()} onClick={() => save.mutate()}>{t('保存')}</Button></div>
    </div>
  )
}

const Existing = ({ role }: { role: string }) => {
  const found = useQuery({ queryKey: ['role', role], queryFn: () => api.get<Definition<Role>>(`/roles/${role}`) })
  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />
  const definition = found.data?.draft?.definition ?? found.data?.definition
  return definition ? <RoleEditor key={role} initial={definition} onSaved={() => undefined} /> : <CardSkeleton lines={6} />
}

const RolesPage = () => {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string | null>(null)
  const [fresh, setFresh] = useState<Role | null>(null)
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => api.get<Page<DefinitionItem>>('/roles') })
  const items = roles.data?.items ?? []
  const chosen = open ?? items[0]?.key ?? null
  const begin = (): void => {
    setFresh({ kind: 'role', key: '', name: t('新角色'), permissions: [] })
    setOpen(null)
  }
  const add = <Button type="primary" icon={<PlusOutlined />} onClick={begin}>{t('新建角色')}</Button>
  return (
    <div className="page">
      <PageHeader title={t('角色与权限')} text={t('一个人有几个角色，能做的事就合在一起；管理员什么都能做')} actions={add} />
      {roles.isPending ? <div className="card"><TableSkeleton /></div> : null}
      {roles.isError ? <div className="card"><Failed error={roles.error} retry={() => void roles.refetch()} /></div> : null}
      {roles.isSuccess && items.length === 0 && !fresh ? <div className="card"><Empty icon={<SafetyCertificateOutlined />} title={t('还没有角色')} text={t('比如“采购”：只看自己负责的商品，看不到成本。')} action={add} /></div> : null}
      {items.length > 0 || fresh ? (
        <div className="roles-grid">
          <nav className="card roles-list" aria-label={t('角色')}>
            {fresh ? <button type="button" aria-current="true">{fresh.name}</button> : null}
            {items.map((item) => <button key={item.key} type="button" aria-current={!fresh && item.key === chosen} onClick={() => { setFresh(null); setOpen(item.key) }}>{item.name || item.key}<small className="faint">{item.key}</small></button>)}
          </nav>
          <section className="card pad">{fresh ? <RoleEditor key="new" initial={fresh} taken={items.map((item) => item.key)} onSaved={(key) => { setFresh(null); setOpen(key) }} /> : chosen ? <Existing key={chosen} role={chosen} /> : null}</section>
        </div>
      ) : null}
    </div>
  )
}

export default RolesPage
