/** Say something else than the forecast: which days, how much, why, until when. */
import { DatePicker, Form, Input, InputNumber, Modal, Radio } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { errorText } from '../../app/query'
import { sayNumber } from '../../lib/numbers'
import { type Override, type Series, useWrite } from './data'

interface Values {
  days: [Dayjs, Dayjs]
  how: 'total' | 'factor'
  value: number
  reason: string
  expires: Dayjs | null
}

interface Props {
  series: Series
  day: string
  value: number
  onClose: () => void
}

const sum = (series: Series, from: string, to: string): number => series.forecast.days.reduce((total, day, index) => (day >= from && day <= to ? total + (series.forecast.mean[index] ?? 0) : total), 0)

export const Say = ({ series, day, value, onClose }: Props) => {
  const { t } = useTranslation()
  const [form] = Form.useForm<Values>()
  const write = useWrite((body: object) => api.post<Override>('/forecast-overrides', body), onClose)
  const days = Form.useWatch('days', form)
  const how = Form.useWatch('how', form) ?? 'total'
  const [from, to] = days ? [days[0].format('YYYY-MM-DD'), days[1].format('YYYY-MM-DD')] : [day, day]
  const now = sum(series, from, to)
  const save = (values: Values): void =>
    write.mutate({ where: series.where, from: values.days[0].format('YYYY-MM-DD'), to: values.days[1].format('YYYY-MM-DD'), value: values.value, relative: values.how === 'factor', reason: values.reason, ...(values.expires ? { expires: values.expires.format('YYYY-MM-DD') } : {}) })
  const last = series.forecast.days.at(-1) ?? day
  return (
    <Modal open title={t('改预测：{{what}}', { what: series.label || t('全部商品') })} okText={t('保存修改')} cancelText={t('不改了')} confirmLoading={write.isPending} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <Form form={form} layout="vertical" onFinish={save} initialValues={{ days: [dayjs(day), dayjs(day)], how: 'total', value, reason: '', expires: null }}>
        <Form.Item name="days" label={t('哪几天')} rules={[{ required: true }]}>
          <DatePicker.RangePicker allowClear={false} minDate={dayjs(series.forecast.days[0])} maxDate={dayjs(last)} style={{ width: '100%' }} />
        </Form.Item>
        <p className="soft">{t('系统预测这些天共 {{n}} 件', { n: sayNumber(now) })}</p>
        <Form.Item name="how" label={t('怎么改')}>
          <Radio.Group options={[{ value: 'total', label: t('改成一共多少件') }, { value: 'factor', label: t('乘以一个倍数') }]} />
        </Form.Item>
        <Form.Item name="value" label={how === 'factor' ? t('倍数') : t('一共多少件')} rules={[{ required: true, message: t('请填一个数') }]}>
          <InputNumber min={0} style={{ width: '100%' }} aria-label={how === 'factor' ? t('倍数') : t('一共多少件')} />
        </Form.Item>
        <Form.Item name="reason" label={t('为什么')} rules={[{ required: true, min: 2, message: t('请写原因，事后才能判断改得对不对') }]} extra={t('每次修改都会在事后算账：帮了忙还是添了乱。')}>
          <Input.TextArea rows={2} maxLength={1000} placeholder={t('例如：主播答应 12 月 5 日专场')} />
        </Form.Item>
        <Form.Item name="expires" label={t('到哪天不再算数')} extra={t('不填就是 90 天后。')}>
          <DatePicker style={{ width: '100%' }} minDate={dayjs(series.run.day)} />
        </Form.Item>
        {series.where.sku ? null : <p className="faint">{t('会按各商品预测的大小成比例摊到下层，处处加得起来。')}</p>}
        {write.isError ? <p className="critical-text" role="alert">{errorText(write.error)}</p> : null}
      </Form>
    </Modal>
  )
}
