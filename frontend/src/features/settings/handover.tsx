/** A colleague leaves: everything that waits for them goes to somebody else; what names them in a workflow is listed. */
import { SwapOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { User } from '../../api/types'
import { queryClient } from '../../app/query'
import { pick } from '../../i18n'

interface Answer {
  moved: number
  left: number
  failed: { instance: string; message: string; message_en: string }[]
  named: { workflow: string; name: string; node: string; step: string }[]
}

export const Handover = ({ user, users }: { user: User; users: User[] }) => {
  const { t } = useTranslation()
  const [to, setTo] = useState<string>()
  const move = useMutation({
    mutationFn: () => api.post<Answer>(`/users/${encodeURIComponent(user.key)}/handover`, { to }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['list'] }),
  })
  const others = users.filter((other) => other.key !== user.key && other.active !== false)
  return (
    <section className="gap-top" aria-label={t('离职交接')}>
      <h3 className="drawer-title">{t('离职交接')}</h3>
      <p className="soft">{t('把等 {{name}} 处理的事都交给一位同事。', { name: user.name })}</p>
      <div className="row"><Select className="grow" aria-label={t('交给谁')} placeholder={t('交给谁')} value={to} onChange={setTo} showSearch={{ optionFilterProp: 'label' }} options={others.map((other) => ({ value: other.key, label: other.name }))} /><Button icon={<SwapOutlined />} disabled={!to} loading={move.isPending} onClick={() => move.mutate()}>{t('交接')}</Button></div>
      {move.data ? (
        <Alert className="gap-top" type={move.data.failed.length > 0 || move.data.named.length > 0 ? 'warning' : 'success'} showIcon title={t('交接了 {{n}} 件', { n: move.data.moved })} description={(
          <>
            {move.data.failed.map((each) => <p key={each.instance}>{pick(each, 'message')}</p>)}
            {move.data.named.length > 0 ? <p>{t('这些流程还写着他的名字，请改：')}</p> : null}
            {move.data.named.map((each) => <p key={`${each.workflow}-${each.node}`}><Link to={`/workflows/${each.workflow}`}>{each.name}</Link> · {each.step}</p>)}
          </>
        )} />
      ) : null}
    </section>
  )
}
