/** What people know about one item: which others it will sell like, and its last day. */
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Form, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { Status } from '../../components/status'
import { sayNumber } from '../../lib/numbers'
import { type Series, useParts, useWrite } from './data'

interface Notes {
  analogs: string[]
  ends_on: string | null
}

const Story = ({ level }: { level: NonNullable<Series['level']> }) => {
  const { t } = useTranslation()
  if (level.what === 'new') return <p className="row wrap"><Status tone="info">{t('新品')}</Status>{level.by_person ? t('按你指定的商品估：') : t('自己的销量还少，先按最像的商品上市时的样子估：')}<span className="soft">{(level.names ?? []).join('、')}</span></p>
  return <p className="row wrap"><Status tone="warning">{t('退市中')}</Status>{level.ends ? t('{{day}} 之后不再卖', { day: level.ends }) : t('每周只剩上周的 {{n}}%', { n: sayNumber((level.decay ?? 1) * 100, 0) })}</p>
}

export const ItemNotes = ({ sku, level, editable }: { sku: string; level: Series['level']; editable: boolean }) => {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const known = useQuery({ queryKey: ['forecast', 'item', sku], queryFn: () => api.get<Notes>(`/forecast-items/${encodeURIComponent(sku)}`) })
  const found = useParts('sku', {}, word)
  const write = useWrite((body: Notes) => api.put<Notes>(`/forecast-items/${encodeURIComponent(sku)}`, body))
  if (!known.data) return null
  const save = (values: { analogs: string[]; ends: Dayjs | null }): void => write.mutate({ analogs: values.analogs ?? [], ends_on: values.ends ? values.ends.format('YYYY-MM-DD') : null })
  return (
    <section className="card">
      <div className="card-head"><h2>{t('这个商品的来去')}</h2></div>
      <div className="card-body stack tight">
        {level ? <Story level={level} /> : <p className="soft">{t('老商品，按自己的销量预测。')}</p>}
        {editable ? (
          <Form layout="vertical" className="item-notes" key={sku} initialValues={{ analogs: known.data.analogs, ends: known.data.ends_on ? dayjs(known.data.ends_on) : null }} onFinish={save}>
            <Form.Item name="analogs" label={t('它会卖得像哪些商品')}>
              <Select mode="multiple" allowClear showSearch={{ filterOption: false, onSearch: setWord }} placeholder={t('不填就由系统找名称、价格、类目最像的')} options={(found.data?.items ?? []).filter((part) => part.code !== sku).map((part) => ({ value: part.code, label: `${part.name} ${part.code}` }))} />
            </Form.Item>
            <Form.Item name="ends" label={t('最后一天卖到')}><DatePicker style={{ width: '100%' }} /></Form.Item>
            <Form.Item label=" "><Button htmlType="submit" loading={write.isPending}>{write.isSuccess ? t('已记下，下次预测生效') : t('记下')}</Button></Form.Item>
          </Form>
        ) : null}
      </div>
    </section>
  )
}
