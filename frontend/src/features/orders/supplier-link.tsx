/** The supplier's page: a fresh link and a text to paste into a chat. */
import { CopyOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { CardSkeleton, Failed } from '../../components/states'
import { pick } from '../../i18n'

interface Issued {
  url: string
  text: string
  text_en: string
  expires_at: string
}

export const LinkDialog = ({ order, onClose }: { order: number; onClose: () => void }) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const link = useQuery({ queryKey: ['supplier-link', order], queryFn: () => api.post<Issued>(`/orders/${order}/link`), staleTime: Number.POSITIVE_INFINITY, gcTime: 0, retry: false })
  const copy = (text: string): void => void navigator.clipboard.writeText(text).then(() => message.success(t('已复制')), () => message.warning(t('请手动复制')))
  return (
    <Modal open title={t('发给供应商')} footer={<Button onClick={onClose}>{t('关闭')}</Button>} onCancel={onClose} destroyOnHidden>
      {link.isPending ? <CardSkeleton lines={4} /> : null}
      {link.isError ? <Failed error={link.error} /> : null}
      {link.data ? (
        <div className="stack tight">
          <p className="soft">{t('供应商不用账号，点开就能改数量和交期、登记发货。生成新链接后旧链接失效。')}</p>
          <Input.TextArea aria-label={t('发给供应商的文字')} value={pick(link.data, 'text')} autoSize={{ minRows: 4, maxRows: 12 }} readOnly />
          <div className="row wrap"><Button type="primary" icon={<CopyOutlined />} onClick={() => copy(pick(link.data, 'text'))}>{t('复制文字')}</Button><Button onClick={() => copy(link.data.url)}>{t('只复制链接')}</Button><a href={link.data.url} target="_blank" rel="noreferrer">{t('打开看看')}</a></div>
        </div>
      ) : null}
    </Modal>
  )
}
