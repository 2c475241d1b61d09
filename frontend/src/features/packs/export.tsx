/** One's own definitions as a pack file: choose them, name the pack, download; what they refer to comes along. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Form, Input, Modal, TreeSelect } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { DefinitionItem, Json, Page } from '../../api/types'
import { errorText } from '../../app/query'
import { ProblemList } from '../../components/problems'

const NOUNS: [string, string, string][] = [['rules', 'rule', '规则'], ['forms', 'form', '表单'], ['workflows', 'workflow', '流程'], ['routes', 'route', '通知路由'], ['dashboards', 'dashboard', '看板'], ['triggers', 'trigger', '触发器']]

interface Wanted {
  key: string
  name: string
  version: string
  licence: string
  definitions?: string[]
}

const download = (name: string, document: Json): void => {
  const link = window.document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(document, null, 1)}\n`], { type: 'application/json' }))
  link.download = `${name}.pack.json`
  link.click()
  URL.revokeObjectURL(link.href)
}

export const ExportDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const [form] = Form.useForm<Wanted>()
  const lists = useQuery({
    queryKey: ['packs', 'exportable'],
    queryFn: async () => Promise.all(NOUNS.map(async ([noun, kind, word]) => ({ kind, word, items: (await api.get<Page<DefinitionItem>>(`/${noun}`)).items.filter((item) => item.version) }))),
  })
  const make = useMutation({
    meta: { quiet: true },
    mutationFn: ({ definitions, ...about }: Wanted) => api.post<Json>('/packs/export', { about, ...(definitions?.length ? { definitions } : {}) }),
    onSuccess: (document, wanted) => {
      download(wanted.key, document)
      onClose()
    },
  })
  const tree = (lists.data ?? []).filter((list) => list.items.length > 0).map((list) => ({ title: t(list.word), value: list.kind, selectable: false, checkable: false, children: list.items.map((item) => ({ title: item.name, value: `${list.kind}/${item.key}` })) }))
  return (
    <Modal open title={t('导出为模板包')} okText={t('下载')} confirmLoading={make.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <p className="soft">{t('选中的定义和它们用到的一起带走；密码和密钥从不带走。')}</p>
      <Form<Wanted> form={form} layout="vertical" initialValues={{ version: '1.0.0', licence: 'proprietary' }} onFinish={(wanted) => make.mutate(wanted)}>
        <Form.Item name="definitions" label={t('带走哪些（不选就是全部）')}><TreeSelect treeData={tree} treeCheckable showSearch treeNodeFilterProp="title" loading={lists.isPending} placeholder={t('全部')} allowClear maxTagCount={6} /></Form.Item>
        <Form.Item name="name" label={t('名称')} rules={[{ required: true, message: t('起个名字') }]}><Input /></Form.Item>
        <Form.Item name="key" label={t('标识')} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,54}$/, message: t('小写字母开头，只含小写字母、数字和下划线') }]}><Input /></Form.Item>
        <Form.Item name="version" label={t('版本')} rules={[{ required: true }]}><Input /></Form.Item>
        <Form.Item name="licence" label={t('许可')} rules={[{ required: true }]}><Input /></Form.Item>
      </Form>
      {make.isError ? <Alert type="error" showIcon title={errorText(make.error)} description={make.error instanceof ApiError ? <ProblemList problems={make.error.problems} /> : null} /> : null}
    </Modal>
  )
}
