/** Log in: two fields; a demo workspace offers its people to try. */
import { LockOutlined, UserOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { api, rememberCsrfToken } from '../../api/client'
import type { Language, Session } from '../../api/types'
import { errorText, queryClient, useAbout, useSession } from '../../app/query'
import { language, switchLanguage } from '../../i18n'

interface Credentials {
  username: string
  password: string
}

const DEMO_PEOPLE: { key: string; name: string; can: string }[] = [
  { key: 'lin', name: '林晓', can: '运营：设规则、搭表单' },
  { key: 'chen', name: '陈宁', can: '采购：处理预警、审批补货' },
  { key: 'wang', name: '王敏', can: '主管：审批大额补货' },
  { key: 'admin', name: '管理员', can: '管理用户与设置' },
  { key: 'guest', name: '访客', can: '只看不改' },
]

const DemoPeople = ({ choose, busy }: { choose: (key: string) => void; busy: boolean }) => {
  const { t } = useTranslation()
  return (
    <div className="demo-people">
      <p>{t('演示店铺（数据是模拟的）：点一个人直接进去')}</p>
      <ul>
        {DEMO_PEOPLE.map((person) => (
          <li key={person.key}>
            <button type="button" disabled={busy} onClick={() => choose(person.key)}>
              <span className="avatar" aria-hidden="true">{person.name.slice(0, 1)}</span>
              <span><strong>{t(person.name)}</strong><small>{t(person.can)}</small></span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

const safeNext = (next: string | null): string => (next?.startsWith('/') && !next.startsWith('//') ? next : '/')

/** Action pages lie outside the application: the browser itself goes there. */
const isActionPage = (next: string) => /^\/a\/[A-Za-z0-9_-]+$/.test(next)

const ToActionPage = ({ address }: { address: string }) => {
  useEffect(() => window.location.replace(address), [address])
  return null
}

const LoginPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const session = useSession()
  const about = useAbout()
  const next = safeNext(search.get('next'))
  const login = useMutation({
    meta: { quiet: true },
    mutationFn: (credentials: Credentials) => api.post<Session>('/session', credentials),
    onSuccess: (answer) => {
      rememberCsrfToken(answer.csrf_token)
      queryClient.clear()
      queryClient.setQueryData(['session'], answer)
      if (!isActionPage(next)) void navigate(next, { replace: true })
    },
  })
  useEffect(() => {
    document.title = `${t('登录')} · Beihuo ${t('备货')}`
  }, [t])
  const other: Language = language() === 'en' ? 'zh' : 'en'
  if (session.data && !login.isPending && isActionPage(next)) return <ToActionPage address={next} />
  if (session.data && !login.isPending && !login.isSuccess) return <Navigate to={next} replace />
  return (
    <div className="login">
      <section className="login-card">
        <div className="login-brand">
          <img src="/app/mark.svg" width={40} height={40} alt="" />
          <div>
            <h1>Beihuo {t('备货')}</h1>
            <p>{t('不断货，也不压货')}</p>
          </div>
        </div>
        <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => login.mutate(values)} disabled={login.isPending}>
          <Form.Item name="username" label={t('用户名')} rules={[{ required: true, message: t('请输入用户名') }]}>
            <Input size="large" prefix={<UserOutlined />} autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t('密码')} rules={[{ required: true, message: t('请输入密码') }]}>
            <Input.Password size="large" prefix={<LockOutlined />} autoComplete="current-password" />
          </Form.Item>
          {login.isError ? <Alert type="error" showIcon title={errorText(login.error)} className="login-error" /> : null}
          <Button type="primary" size="large" htmlType="submit" block loading={login.isPending}>{t('登录')}</Button>
        </Form>
        {about.data?.is_demo ? <DemoPeople busy={login.isPending} choose={(username) => login.mutate({ username, password: 'beihuo-demo' })} /> : null}
        <button type="button" className="text-button login-language" onClick={() => void switchLanguage(other)}>{other === 'en' ? 'English' : '中文'}</button>
      </section>
    </div>
  )
}

export default LoginPage
