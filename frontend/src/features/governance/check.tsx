/** One check: what it looks for, what it found, and putting it right for the chosen ones. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client'
import type { Definition, FormDefinition, FormField, Json } from '../../api/types'
import { FieldInput } from '../../components/field-input'
import { CardSkeleton, Empty, Failed } from '../../components/states'
import { usePhone } from '../../components/use-phone'
import { pick } from '../../i18n'
import { sayNumber } from '../../lib/numbers'
import type { Check, Finding } from './types'

interface Done {
  updated: number
  unchanged: number
  errors: { id: number; message: string; message_en: string }[]
  batch: string
  form: string
}

const nameOf = (item: Finding): string => Object.entries(item.keys).map(([key, value]) => `${key}=${value}`).join('/')

/** The records behind the findings, as a filter of the grid: only forms that have a code can be asked for by it. */
const recordsOf = (item: Finding): string => {
  const filter = Object.entries(item.keys).map(([key, value]) => `${key} == '${value.replaceAll("'", "\\'")}'`).join(' and ')
  return `/records/${item.form}?filter=${encodeURIComponent(filter)}`
}

const useField = (check: Check): FormField | undefined => {
  const key = check.fix?.set
  const form = useQuery({ queryKey: ['forms', check.form], enabled: Boolean(key), queryFn: () => api.get<Definition<FormDefinition>>(`/forms/${check.form}`) })
  return form.data?.definition?.fields.find((field) => field.key === key)
}

const FixBar = ({ check, chosen, onDone }: { check: Check; chosen: Finding[]; onDone: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [value, setValue] = useState<Json>(null)
  const field = useField(check)
  const items = chosen.map((item) => item.keys)
  const ignore = useMutation({
    mutationFn: () => api.post(`/governance/${check.key}/ignore`, { items }),
    onSuccess: () => { void message.success(t('以后不再提示这 {{n}} 条', { n: items.length })); onDone() },
  })
  const undo = useMutation({ mutationFn: (done: Done) => api.post(`/forms/${done.form}/records/undo`, { batch: done.batch }), onSuccess: () => { void message.info(t('已撤销')); onDone() } })
  const fix = useMutation({
    mutationFn: () => api.post<Done>(`/governance/${check.key}/fix`, check.fix?.set ? { items, value } : { items }),
    onSuccess: (done) => {
      void message.open({ type: done.errors.length > 0 ? 'warning' : 'success', duration: 8, content: <span>{t('改了 {{n}} 条', { n: done.updated })}{done.errors.length > 0 ? ` · ${t('{{n}} 条没有改成:{{why}}', { n: done.errors.length, why: pick(done.errors[0] ?? {}, 'message') })}` : ''} <button type="button" className="text-button" onClick={() => undo.mutate(done)}>{t('撤销')}</button></span> })
      onDone()
    },
  })
  const nothing = items.length === 0
  return (
    <div className="fix-bar">
      <span className="soft nowrap">{nothing ? t('先选要处理的') : t('选了 {{n}} 条', { n: items.length })}</span>
      {check.fix?.set && field ? <span className="fix-field"><FieldInput field={field} value={value} onChange={setValue} /></span> : null}
      {check.fix ? <Button type="primary" disabled={nothing || (Boolean(check.fix.set) && (value === null || value === ''))} loading={fix.isPending} onClick={() => fix.mutate()}>{check.fix.set ? t('设为此值') : pick(check.fix, 'name')}</Button> : null}
      <Button disabled={nothing} loading={ignore.isPending} onClick={() => ignore.mutate()}>{t('不算问题')}</Button>
    </div>
  )
}

const CheckDrawer = ({ check, mayFix, onClose, onChanged, onRun }: { check: Check; mayFix: boolean; onClose: () => void; onChanged: () => void; onRun: () => void }) => {
  const { t } = useTranslation()
  const phone = usePhone()
  const [chosen, setChosen] = useState<string[]>([])
  const found = useQuery({ queryKey: ['governance', check.key, check.affected], queryFn: () => api.get<Check>(`/governance/${check.key}`) })
  const items = found.data?.items ?? []
  const done = (): void => {
    setChosen([])
    onChanged()
    onRun()
    void found.refetch()
  }
  return (
    <Drawer open size={phone ? '100%' : 760} title={pick(check, 'name')} onClose={onClose} footer={mayFix && items.length > 0 ? <FixBar check={check} chosen={items.filter((item) => chosen.includes(nameOf(item)))} onDone={done} /> : null}>
      <p className="soft">{pick(check, 'why')}</p>
      {check.expression ? <p className="check-formula"><span className="faint">{t('规则原文')}</span> <code>{check.where ? `${check.where} → ` : ''}{check.expression}</code></p> : null}
      {check.error ? <p className="check-formula faint">{check.error}</p> : null}
      {found.isPending ? <CardSkeleton /> : null}
      {found.isError ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.data && items.length === 0 ? <Empty good title={t('没有发现')} text={t('看了 {{n}} 行', { n: sayNumber(check.rows) })} /> : null}
      {items.length > 0 ? (
        <Table
          size="small"
          rowKey={nameOf}
          dataSource={items}
          pagination={items.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
          rowSelection={mayFix ? { selectedRowKeys: chosen, onChange: (keys) => setChosen(keys.map(String)) } : undefined}
          columns={[
            { title: t('记录'), key: 'label', width: phone ? 150 : 240, render: (_, item) => (['sales'].includes(item.form) ? <span className="strong">{item.label}</span> : <Link to={recordsOf(item)}>{item.label}</Link>) },
            { title: t('原因'), key: 'message', render: (_, item) => <span className="soft">{pick(item, 'message')}</span> },
          ]}
        />
      ) : null}
      {check.affected > items.length && items.length > 0 ? <p className="faint">{t('一共 {{n}} 条,这里列出前 {{m}} 条', { n: sayNumber(check.affected), m: sayNumber(items.length) })}</p> : null}
    </Drawer>
  )
}

export default CheckDrawer
