/** The options of a choice: typed one by one or pasted as lines; each with a colour and a condition when wanted. */
import { BranchesOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Popover } from 'antd'
import { type ClipboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldOption } from '../../../api/types'
import { defined } from '../../../lib/form/editing'
import { DraftFormula, type Over } from '../../../components/formula/draft-formula'

interface Props {
  options: readonly FieldOption[]
  over: Over
  onChange: (options: FieldOption[]) => void
}

const labelOf = (option: FieldOption): string => (typeof option === 'string' ? option : (option.label ?? option.value))

/** The option under another label; its value stays what records hold. */
const relabelled = (option: FieldOption, label: string): FieldOption => (typeof option === 'string' ? label : { ...option, label })

const conditioned = (option: FieldOption, when: string): FieldOption => {
  const whole = typeof option === 'string' ? { value: option } : option
  const next = defined({ ...whole, when: when.trim() === '' ? undefined : when })
  return Object.keys(next).length === 1 ? next.value : next
}

export const OptionsEditor = ({ options, over, onChange }: Props) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState<number | null>(null)
  const put = (index: number, option: FieldOption): void => onChange(options.map((one, at) => (at === index ? option : one)))
  const fresh = (): string => {
    let number = options.length + 1
    while (options.some((option) => labelOf(option) === t('选项 {{n}}', { n: number }))) number += 1
    return t('选项 {{n}}', { n: number })
  }
  const paste = (index: number, event: ClipboardEvent<HTMLInputElement>): void => {
    const lines = event.clipboardData.getData('text').split(/[\n\t]+/).map((line) => line.trim()).filter(Boolean)
    if (lines.length < 2) return
    event.preventDefault()
    onChange([...options.slice(0, index), ...lines, ...options.slice(index + 1)].filter((option, at, all) => all.findIndex((one) => labelOf(one) === labelOf(option)) === at))
  }
  return (
    <div className="options-editor">
      {options.map((option, index) => {
        const when = typeof option === 'string' ? '' : (option.when ?? '')
        return (
          <div key={index} className="row">
            <Input size="small" aria-label={t('选项 {{n}}', { n: index + 1 })} value={labelOf(option)} onPaste={(event) => paste(index, event)} onChange={(event) => put(index, relabelled(option, event.target.value))} />
            <Popover open={open === index} onOpenChange={(shown) => setOpen(shown ? index : null)} trigger="click" placement="left" title={t('什么时候可以选“{{option}}”', { option: labelOf(option) })} content={<div className="option-when"><DraftFormula over={over} value={when} result="boolean" label={t('条件')} placeholder={t('留空：总是可以选')} onChange={(source) => put(index, conditioned(option, source))} /></div>}>
              <Button size="small" type={when ? 'link' : 'text'} icon={<BranchesOutlined />} aria-label={t('什么时候可以选“{{option}}”', { option: labelOf(option) })} />
            </Popover>
            <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t('删除“{{title}}”', { title: labelOf(option) })} disabled={options.length === 1} onClick={() => onChange(options.filter((_, at) => at !== index))} />
          </div>
        )
      })}
      <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...options, fresh()])}>{t('加一项')}</Button>
      <p className="faint">{t('可以从表格里复制一列，粘贴到任一项上')}</p>
    </div>
  )
}
