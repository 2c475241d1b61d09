/** A postal address: pasted in one line and taken apart, or filled in by its parts. */
import { Input } from 'antd'
import type { ClipboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Json } from '../../api/types'
import type { Address } from '../../lib/fields'
import { takenApart } from '../../lib/form/address'
import type { FieldInputProps } from '../field-input'

const partsOf = (value: Json | undefined): Address => (typeof value === 'string' ? takenApart(value) : value && typeof value === 'object' && !Array.isArray(value) ? (value as Address) : {})

const LEVELS = ['province', 'city', 'district', 'detail'] as const

export const AddressInput = ({ field, value, onChange, id }: FieldInputProps) => {
  const { t } = useTranslation()
  const parts = partsOf(value)
  const depth = field.level ? LEVELS.indexOf(field.level as (typeof LEVELS)[number]) + 1 : 4
  const names = { province: t('省'), city: t('市'), district: t('区县'), detail: t('街道门牌') }
  const put = (name: string, text: string): void => {
    const next = { ...parts, [name]: text }
    onChange?.(Object.values(next).every((part) => !part) ? null : (next as Json))
  }
  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const text = event.clipboardData.getData('text').trim()
    const read = takenApart(text)
    if (!read.province || !read.city) return
    event.preventDefault()
    onChange?.(read as Json)
  }
  return (
    <div className="address-input">
      {LEVELS.slice(0, depth).map((name, index) => <Input key={name} id={index === 0 ? id : undefined} className={name} aria-label={names[name]} placeholder={names[name]} value={String(parts[name] ?? '')} onPaste={paste} onChange={(event) => put(name, event.target.value)} />)}
    </div>
  )
}
