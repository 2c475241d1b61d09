/** Whether somebody sees this record, and by which group, or why not. */
import { CheckCircleFilled, MinusCircleOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page, RecordItem, User } from '../../api/types'
import { CardSkeleton, Failed } from '../../components/states'
import { pick } from '../../i18n'

interface Reason {
  role?: string
  rows?: string | null
  holds?: boolean | null
  message: string
  message_en?: string
}

interface Answer {
  visible: boolean
  message: string
  message_en?: string
  reasons: Reason[]
}

export const WhyPanel = ({ form, record }: { form: string; record: RecordItem }) => {
  const { t } = useTranslation()
  const [person, setPerson] = useState<string>()
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<User>>('/users'), staleTime: 300_000, retry: false })
  const why = useQuery({ queryKey: ['why', form, record.id, person], queryFn: () => api.get<Answer>(`/forms/${form}/records/${record.id}/why`, { user: person }), enabled: person !== undefined })
  return (
    <div className="stack tight">
      <Select aria-label={t('谁')} showSearch={{ optionFilterProp: 'label' }} placeholder={t('选一个人，看他看不看得到')} value={person} options={(users.data?.items ?? []).map((user) => ({ value: user.key, label: user.name }))} onChange={setPerson} />
      {why.isFetching ? <CardSkeleton lines={2} /> : null}
      {why.isError ? <Failed error={why.error} /> : null}
      {why.data && !why.isFetching ? (
        <>
          <p className={why.data.visible ? 'good-line' : 'soft'}>{why.data.visible ? <CheckCircleFilled aria-hidden="true" /> : <MinusCircleOutlined aria-hidden="true" />} {why.data.visible ? t('看得到这条记录') : t('看不到这条记录')}：{pick(why.data, 'message')}</p>
          <ul className="problems">{why.data.reasons.map((reason, index) => <li key={index}><span>{pick(reason, 'message')}</span>{reason.rows ? <span className="hint mono">{reason.rows}</span> : null}</li>)}</ul>
        </>
      ) : null}
    </div>
  )
}
