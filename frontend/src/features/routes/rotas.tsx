/** On-call rotas: who takes turns, who is on call now and on the next days. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button, DatePicker, Form, Input, Modal, Popconfirm, Select, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { queryClient } from '../../app/query'
import { usePeople } from '../../components/person'
import { CardSkeleton, Failed } from '../../components/states'
import { type Rota, useRotas } from './receivers'

interface Answers {
  key: string
  name: string
  people: string[]
  starts: Dayjs
  every: 'day' | 'week'
  at: Dayjs
}

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['rotas'] })

const RotaDialog = ({ rota, onClose }: { rota: Rota | null; onClose: () => void }) => {
  const { t } = useTranslation()
  const [form] = Form.useForm<Answers>()
  const people = usePeople()
  const save = useMutation({
    mutationFn: ({ key, starts, at, ...rest }: Answers) => api.put(`/rotas/${rota?.key ?? key}`, { ...rest, starts: starts.format('YYYY-MM-DD'), at: at.format('HH:mm') }),
    onSuccess: () => {
      refresh()
      onClose()
    },
  })
  const initial = { every: 'week' as const, ...rota, starts: rota ? dayjs(rota.starts) : dayjs().startOf('week').add(1, 'day'), at: dayjs(rota?.at ?? '09:00', 'HH:mm') }
  return (
    <Modal open title={rota ? rota.name : t('新值班表')} okText={t('保存')} confirmLoading={save.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <Form<Answers> form={form} layout="vertical" initialValues={initial} onFinish={(answers) => save.mutate(answers)}>
        <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('起个名字') }]}><Input placeholder={t('例如：周末值班')} /></Form.Item>
        {rota ? null : <Form.Item name="key" label={t('标识')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,54}$/, message: t('小写字母开头，只含小写字母、数字和下划线') }]}><Input placeholder="weekend" /></Form.Item>}
        <Form.Item name="people" label={t('轮流的人（按顺序）')} rules={[{ required: true, message: t('至少选一个人') }]}><Select mode="multiple" options={(people.data?.items ?? []).map((user) => ({ value: user.key, label: user.name }))} optionFilterProp="label" /></Form.Item>
        <div className="pair">
          <Form.Item name="every" label={t('每班多久')}><Select options={[{ value: 'day', label: t('一天') }, { value: 'week', label: t('一周') }]} /></Form.Item>
          <Form.Item name="at" label={t('交接时刻')}><TimePicker format="HH:mm" minuteStep={15} allowClear={false} /></Form.Item>
          <Form.Item name="starts" label={t('第一班从')}><DatePicker allowClear={false} /></Form.Item>
        </div>
      </Form>
    </Modal>
  )
}

export const Rotas = () => {
  const { t } = useTranslation()
  const rotas = useRotas()
  const [open, setOpen] = useState<Rota | 'new' | null>(null)
  const remove = useMutation({ mutationFn: (key: string) => api.delete(`/rotas/${key}`), onSuccess: refresh })
  return (
    <section className="card pad">
      <div className="row between"><h2 className="card-title-inline">{t('值班表')}</h2><Button icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('新值班表')}</Button></div>
      {rotas.isPending ? <CardSkeleton lines={2} /> : null}
      {rotas.isError ? <Failed error={rotas.error} /> : null}
      {rotas.data?.items.length === 0 ? <p className="faint">{t('还没有值班表。建一张，路由就能通知“现在当班的人”。')}</p> : null}
      <ul className="rotas">
        {rotas.data?.items.map((rota) => (
          <li key={rota.key}>
            <span className="row between">
              <button type="button" className="cell-title" onClick={() => setOpen(rota)}>{rota.name}</button>
              <Popconfirm title={t('删除这张值班表？')} okText={t('删除')} onConfirm={() => remove.mutate(rota.key)}><Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('删除')} /></Popconfirm>
            </span>
            <ol className="turns" aria-label={t('接下来两周')}>
              {rota.next.map((turn, index) => <li key={turn.day} className={index === 0 ? 'now' : ''} title={turn.day}><span>{turn.day.slice(5)}</span><strong>{turn.name}</strong></li>)}
            </ol>
          </li>
        ))}
      </ul>
      {open ? <RotaDialog rota={open === 'new' ? null : open} onClose={() => setOpen(null)} /> : null}
    </section>
  )
}
