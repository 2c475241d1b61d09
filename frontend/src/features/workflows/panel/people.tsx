/** Where people come from: persons, roles, the organisation, a field of the form, the flow itself. */
import { Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoles } from '../../../components/flow/names'
import { useFields } from '../../../components/formula/use-check'
import { usePeople } from '../../../components/person'
import { saySource } from '../../../lib/flow/words'
import { usePanel } from './context'

const ORGANISATION = ['superior', 'superior:2', 'chain:2', 'chain:3', 'dept_head:1', 'dept_head:2']
const FLOW = ['initiator', 'previous']
const PERSON = new Set(['member', 'members', 'user', 'person'])

export const PeopleInput = ({ value, onChange, label }: { value: unknown; onChange: (value: string[]) => void; label: string }) => {
  const { t } = useTranslation()
  const { flow, names } = usePanel()
  const people = usePeople()
  const roles = useRoles()
  const fields = useFields(flow.form ?? '')
  const chosen = Array.isArray(value) ? (value as string[]) : []
  const options = useMemo(() => {
    const option = (source: string): { value: string; label: string } => ({ value: source, label: saySource(source, t, names) })
    const members = (fields.data ?? []).filter((field) => PERSON.has(field.type) || field.path.endsWith('owner')).map((field) => option(`field:${field.path}`))
    return [
      { label: t('角色'), options: roles.map((role) => option(`role:${role.key}`)) },
      { label: t('上级和部门'), options: ORGANISATION.map(option) },
      { label: t('流程里的人'), options: [...FLOW.map(option), ...members] },
      { label: t('指定的人'), options: (people.data?.items ?? []).filter((person) => person.active !== false).map((person) => option(`user:${person.key}`)) },
    ]
  }, [t, names, roles, fields.data, people.data])
  return <Select mode="multiple" aria-label={label} placeholder={t('选角色、上级或具体的人')} value={chosen} onChange={onChange} options={options} showSearch={{ optionFilterProp: 'label' }} labelRender={({ value: source, label: said }) => said ?? saySource(String(source), t, names)} style={{ width: '100%' }} />
}

export const PersonInput = ({ value, onChange, label }: { value: string | undefined; onChange: (value: string) => void; label: string }) => {
  const { t } = useTranslation()
  const people = usePeople()
  return <Select aria-label={label} placeholder={t('选择成员')} value={value || undefined} onChange={onChange} showSearch={{ optionFilterProp: 'label' }} options={(people.data?.items ?? []).map((person) => ({ value: person.key, label: person.name }))} style={{ width: '100%' }} />
}
