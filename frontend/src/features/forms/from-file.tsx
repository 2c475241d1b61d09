/** A form out of an Excel or CSV file: its columns as fields, types guessed, to be corrected before anything is made. */
import { InboxOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Input, Modal, Select, Table, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { ImportAnalysis } from '../../api/types'
import { errorText } from '../../app/query'
import { fieldsFromColumns, type Guess, guessesOf } from './columns'
import { freshKeyOf, useCreateForm } from './new-form'

const TYPES: [string, string][] = [['text', '单行文本'], ['long_text', '多行文本'], ['number', '数字'], ['quantity', '数量'], ['money', '金额'], ['percent', '百分比'], ['date', '日期'], ['datetime', '日期时间'], ['boolean', '是否'], ['choice', '单选'], ['barcode', '条码'], ['phone', '电话'], ['email', '邮箱'], ['url', '网址']]

export const FromFile = ({ taken, onClose }: { taken: readonly string[]; onClose: () => void }) => {
  const { t } = useTranslation()
  const [found, setFound] = useState<ImportAnalysis | null>(null)
  const [name, setName] = useState('')
  const [guesses, setGuesses] = useState<Guess[]>([])
  const create = useCreateForm()
  const look = useMutation({
    meta: { quiet: true },
    mutationFn: (file: File) => {
      const body = new FormData()
      body.append('file', file)
      return api.post<ImportAnalysis>('/imports/analyse', body)
    },
    onSuccess: (answer) => {
      setFound(answer)
      setName(answer.name.replace(/\.[a-z]+$/i, ''))
      setGuesses(guessesOf(answer.columns))
    },
  })
  const put = (index: number, patch: Partial<Guess>): void => setGuesses(guesses.map((guess, at) => (at === index ? { ...guess, ...patch } : guess)))
  const submit = (): void => create.mutate({ kind: 'form', schema_version: 1, key: freshKeyOf(name, taken), name, fields: fieldsFromColumns(guesses) })
  const chosen = guesses.filter((guess) => guess.use).length
  const footer = found ? [<Button key="again" onClick={() => setFound(null)}>{t('换一个文件')}</Button>, <Button key="go" type="primary" disabled={!name.trim() || chosen === 0} loading={create.isPending} onClick={submit}>{t('用这 {{n}} 个字段新建', { n: chosen })}</Button>] : null
  return (
    <Modal open width={820} title={t('从 Excel 新建表单')} footer={footer} onCancel={onClose}>
      {look.isError ? <Alert className="gap-bottom" type="error" showIcon title={errorText(look.error)} /> : null}
      {found === null ? (
        <Upload.Dragger accept=".xlsx,.xls,.csv,.txt" showUploadList={false} disabled={look.isPending} beforeUpload={(file) => { look.mutate(file); return false }}>
          <p className="ant-upload-drag-icon"><InboxOutlined /></p>
          <p>{look.isPending ? t('正在看这个文件…') : t('拖一个 Excel 或 CSV 到这里，或点一下选择')}</p>
          <p className="faint">{t('表头变成字段名，类型按内容猜；下一步可以改')}</p>
        </Upload.Dragger>
      ) : (
        <div className="stack">
          <Input aria-label={t('表单名称')} value={name} onChange={(event) => setName(event.target.value)} />
          <Table<Guess>
            size="small"
            rowKey="column"
            pagination={false}
            scroll={{ y: 380, x: 640 }}
            dataSource={guesses}
            columns={[
              { key: 'use', width: 44, render: (_, guess, index) => <Checkbox aria-label={t('要“{{column}}”这一列', { column: guess.column })} checked={guess.use} onChange={(event) => put(index, { use: event.target.checked })} /> },
              { key: 'label', title: t('字段名称'), width: 180, render: (_, guess, index) => <Input size="small" aria-label={t('字段名称')} value={guess.label} onChange={(event) => put(index, { label: event.target.value })} /> },
              { key: 'type', title: t('类型'), width: 140, render: (_, guess, index) => <Select size="small" aria-label={t('类型')} value={guess.type} options={TYPES.map(([value, label]) => ({ value, label: t(label) }))} onChange={(type) => put(index, { type })} style={{ width: '100%' }} /> },
              { key: 'samples', title: t('样例'), ellipsis: true, render: (_, guess) => <span className="faint">{guess.samples.slice(0, 4).join('、')}</span> },
            ]}
          />
        </div>
      )}
    </Modal>
  )
}
