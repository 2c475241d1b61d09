/** Numbers that are computed once and have a name: 日均销量 = avg_daily(sales.quantity, 7). */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormulaField } from '../formula-field'
import { renameValue } from '../lib/rename'
import { BuilderSection } from '../section'
import { useBuilder, useRule } from '../store'

const NameInput = ({ name, taken, onRename }: { name: string; taken: (name: string) => boolean; onRename: (name: string) => void }) => {
  const { t } = useTranslation()
  const [text, setText] = useState(name)
  const clean = text.trim()
  const wrong = clean !== name && (clean === '' || taken(clean) || /[`\s]/.test(clean))
  const commit = (): void => {
    if (wrong) setText(name)
    else if (clean !== name) onRename(clean)
  }
  return <Input aria-label={t('名称')} value={text} status={wrong ? 'error' : undefined} onChange={(event) => setText(event.target.value)} onBlur={commit} onPressEnter={commit} className="value-name" />
}

export const ValuesSection = ({ readOnly }: { readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const values = Object.entries(rule.let ?? {})
  const write = (entries: [string, string][]): void => change({ let: entries.length > 0 ? Object.fromEntries(entries) : undefined })
  const add = (): void => {
    let number = values.length + 1
    while (rule.let?.[`${t('数值')}${number}`] !== undefined) number += 1
    write([...values, [`${t('数值')}${number}`, 'on_hand + in_transit - reserved']])
  }
  return (
    <BuilderSection name="values" title={t('先算好的数')} text={t('给一个算式起个名字，条件里直接用')} extra={readOnly ? null : <Button type="text" icon={<PlusOutlined />} onClick={add}>{t('加一个')}</Button>}>
      {values.length === 0 ? <p className="faint">{t('还没有。例如“可用库存 = 在库 + 在途 − 占用”。')}</p> : null}
      <div className="stack">
        {values.map(([name, source], index) => (
          <div className="value-row" key={name}>
            <NameInput name={name} taken={(next) => next in (rule.let ?? {})} onRename={(next) => change(renameValue(rule, name, next))} />
            <span className="value-equals" aria-hidden="true">=</span>
            <FormulaField source={source} over={rule.over} names={Object.fromEntries(values.slice(0, index))} label={name} readOnly={readOnly} onChange={(next) => write(values.map((entry) => (entry[0] === name ? [name, next] : entry)))} />
            {readOnly ? null : <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除 {{name}}', { name })} onClick={() => write(values.filter((entry) => entry[0] !== name))} />}
          </div>
        ))}
      </div>
    </BuilderSection>
  )
}
