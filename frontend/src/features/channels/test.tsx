/** "Send me a test": the message goes out, and what the provider said is told in its own words and in ours. */
import { SendOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Space } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { errorText } from '../../app/query'
import { pick } from '../../i18n'
import type { Channel } from './types'

interface Answer {
  outcomes: { state: string; code: string; text: string; provider_id: string }[]
  explanation: string
  explanation_en: string
}

export const TestChannel = ({ channel }: { channel: Channel }) => {
  const { t } = useTranslation()
  const [address, setAddress] = useState('')
  const test = useMutation({ meta: { quiet: true }, mutationFn: () => api.post<Answer>(`/channels/${channel.key}/test`, address ? { address } : {}) })
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    if (test.isSuccess || test.isError) box.current?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }, [test.isSuccess, test.isError])
  const outcome = test.data?.outcomes[0]
  const good = outcome?.state === 'accepted'
  return (
    <section className="channel-test" ref={box}>
      <Space.Compact block>
        <Input aria-label={t('测试地址')} placeholder={t('不填就发给我自己；也可填邮箱、手机号、成员 ID')} value={address} onChange={(event) => setAddress(event.target.value)} onPressEnter={() => test.mutate()} />
        <Button icon={<SendOutlined />} loading={test.isPending} onClick={() => test.mutate()}>{t('发一条试试')}</Button>
      </Space.Compact>
      {test.isError ? <Alert type="error" showIcon title={errorText(test.error)} /> : null}
      {outcome ? (
        <Alert
          type={good ? 'success' : outcome.state === 'permanent' ? 'error' : 'warning'}
          showIcon
          title={pick(test.data, 'explanation')}
          description={outcome.code || outcome.text ? <span>{t('对方的应答：')}<code className="mono">{[outcome.code, outcome.text].filter(Boolean).join(' · ')}</code></span> : undefined}
        />
      ) : null}
    </section>
  )
}
