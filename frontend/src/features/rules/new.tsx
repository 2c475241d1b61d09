/** A new rule starts from a sentence with blanks; a blank one is second. */
import { ArrowUpOutlined, FireOutlined, FormOutlined, InboxOutlined, MinusCircleOutlined, RocketOutlined, ThunderboltOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { RuleDefinition } from '../../api/types'
import { queryClient } from '../../app/query'
import { PageHeader } from '../../components/page-header'
import { pick } from '../../i18n'
import { freshKey } from './lib/keys'
import { pieces, start, type Template, TEMPLATES } from './lib/templates'
import './rules.css'

const ICONS: Record<Template['icon'], ReactNode> = {
  low: <ArrowUpOutlined rotate={180} />,
  out: <MinusCircleOutlined />,
  surge: <ThunderboltOutlined />,
  over: <InboxOutlined />,
  promotion: <FireOutlined />,
  new: <RocketOutlined />,
}

/** In the order of how often they are needed. */
const GROUPS = ['快断货', '大促', '销量变化', '积压', '新品']

const Sentence = ({ template }: { template: Template }) => (
  <span className="template-text">
    {pieces(pick(template, 'text')).map((piece, index) => {
      const blank = piece.blank ? template.blanks[piece.text] : undefined
      return blank ? <b key={index} className="num">{blank.value} {pick(blank, 'unit')}</b> : <span key={index}>{piece.text}</span>
    })}
  </span>
)

const useCreate = () => {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (definition: RuleDefinition) => {
      await api.put(`/rules/${definition.key}/draft`, { definition })
      return definition.key
    },
    onSuccess: (key) => {
      void queryClient.invalidateQueries({ queryKey: ['rules'] })
      void navigate(`/rules/${key}`, { replace: true })
    },
  })
}

const NewRule = () => {
  const { t } = useTranslation()
  const create = useCreate()
  const blank = (): void => {
    const key = freshKey('rule')
    create.mutate({ kind: 'rule', schema_version: 1, key, name: t('新规则'), over: 'stock', levels: [{ level: 'warning', when: 'on_hand < 20' }], schedule: { cron: '0 8 * * *' }, actions: [{ type: 'notify' }] })
  }
  return (
    <div className="page">
      <PageHeader back={{ to: '/rules', label: t('规则') }} title={t('想在什么情况下收到提醒？')} documentTitle={t('新建规则')} text={t('选一句最接近的话，数字在下一步改。')} actions={<Button icon={<FormOutlined />} loading={create.isPending} onClick={blank}>{t('从空白开始')}</Button>} />
      {GROUPS.map((group) => (
        <section key={group} className="template-group">
          <h2>{t(group)}</h2>
          <div className="template-grid">
            {TEMPLATES.filter((template) => template.group === group).map((template) => (
              <button key={template.id} type="button" className="template" disabled={create.isPending} onClick={() => create.mutate(start(template, freshKey(template.id), pick(template, 'title')))}>
                <span className="template-icon" aria-hidden="true">{ICONS[template.icon]}</span>
                <span className="grow"><strong>{pick(template, 'title')}</strong><Sentence template={template} /></span>
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}

export default NewRule
