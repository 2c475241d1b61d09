/** What is looked at: every SKU in every warehouse, or only some. */
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PlusOutlined } from '@ant-design/icons'
import { ConditionBuilder } from '../../../components/conditions'
import { useCheck, useFields, useWords } from '../../../components/formula/use-check'
import { pick } from '../../../i18n'
import { FormulaField } from '../formula-field'
import { useForm } from '../sample'
import { BuilderSection } from '../section'
import { useBuilder, useRule } from '../store'

const NO_NAMES: Record<string, string> = {}

const Drawn = ({ source, onChange }: { source: string; onChange: (source: string) => void }) => {
  const rule = useRule()
  const fields = useFields(rule.over)
  const words = useWords(rule.over, undefined)
  const check = useCheck({ source, over: rule.over, result: 'boolean' })
  if (!fields.data || (source !== '' && !check.data?.groups)) return null
  return <ConditionBuilder source={source} groups={source === '' ? null : (check.data?.groups ?? null)} fields={fields.data} names={NO_NAMES} words={words} onChange={onChange} />
}

export const BasicsSection = ({ readOnly }: { readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const form = useForm(rule.over)
  const change = useBuilder((state) => state.change)
  const [asFormula, setAsFormula] = useState(false)
  const [open, setOpen] = useState(Boolean(rule.where))
  const check = useCheck({ source: rule.where ?? '', over: rule.over, result: 'boolean' })
  const complex = Boolean(rule.where) && (check.isError || (check.data !== undefined && check.data.groups === null))
  const set = (where: string): void => change({ where: where.trim() === '' ? undefined : where })
  const title = pick(form.data?.definition, 'name') || rule.over
  return (
    <BuilderSection
      name="basics"
      title={t('检查哪些')}
      text={open ? t('“{{form}}”里满足下面条件的', { form: title }) : t('“{{form}}”里的全部记录，逐个检查', { form: title })}
      extra={open ? (
        <span className="row">
          {complex ? null : <Button type="text" size="small" onClick={() => setAsFormula(!asFormula)}>{asFormula ? t('用条件') : t('用公式')}</Button>}
          {readOnly ? null : <Button type="text" size="small" onClick={() => { change({ where: undefined }); setOpen(false) }}>{t('不限制')}</Button>}
        </span>
      ) : null}
    >
      {open ? (
        asFormula || complex ? <FormulaField source={rule.where ?? ''} onChange={set} over={rule.over} result="boolean" label={t('检查哪些')} placeholder={t('例如 sku.stage in ("爆品", "新品")')} readOnly={readOnly} /> : <Drawn source={rule.where ?? ''} onChange={set} />
      ) : (
        <Button icon={<PlusOutlined />} disabled={readOnly} onClick={() => setOpen(true)}>{t('只检查一部分')}</Button>
      )}
    </BuilderSection>
  )
}
