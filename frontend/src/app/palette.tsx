/** Search everything and jump: pages first, then rules, SKUs and alerts that match. */
import { EnterOutlined, SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import type { Page, RecordItem, RuleItem } from '../api/types'
import { can, useMe } from './query'
import { PAGES } from './pages'

interface Hit {
  id: string
  to: string
  label: string
  kind: string
}

const useHits = (word: string): Hit[] => {
  const { t } = useTranslation()
  const { user } = useMe()
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => api.get<Page<RuleItem>>('/rules') })
  const skus = useQuery({
    queryKey: ['palette', 'sku', word],
    queryFn: () => api.get<Page<RecordItem>>('/forms/sku/records', { q: word, limit: 6 }),
    enabled: word.length > 0,
  })
  return useMemo(() => {
    const has = (text: string): boolean => text.toLowerCase().includes(word.toLowerCase())
    const pages = PAGES.flatMap((entry) => (entry.nav && (!entry.nav.roles || can(user.roles, ...entry.nav.roles)) ? [{ id: `p-${entry.path}`, to: `/${entry.path}`, label: t(entry.nav.label), kind: t('页面') }] : []))
    const found: Hit[] = pages.filter((hit) => has(hit.label))
    for (const rule of rules.data?.items ?? []) if (word && (has(rule.name) || has(rule.key))) found.push({ id: `r-${rule.key}`, to: `/rules/${rule.key}`, label: rule.name, kind: t('规则') })
    for (const sku of skus.data?.items ?? []) {
      const code = String(sku.values.code ?? sku.id)
      found.push({ id: `s-${sku.id}`, to: `/stock?sku=${encodeURIComponent(code)}`, label: `${code} ${String(sku.values.name ?? '')}`, kind: t('商品') })
    }
    return found.slice(0, 14)
  }, [word, rules.data, skus.data, t, user.roles])
}

const Palette = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [word, setWord] = useState('')
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const hits = useHits(useDeferredValue(word.trim()))
  useEffect(() => input.current?.focus(), [])
  const go = (hit: Hit | undefined): void => {
    if (!hit) return
    onClose()
    void navigate(hit.to)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose()
    else if (event.key === 'Enter') go(hits[active])
    else if (event.key === 'ArrowDown') setActive(Math.min(active + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0))
    else return
    event.preventDefault()
  }
  return (
    <div className="palette-veil" onMouseDown={onClose} role="presentation">
      <div className="palette" role="dialog" aria-modal="true" aria-label={t('搜索或跳转')} onMouseDown={(event) => event.stopPropagation()}>
        <label className="palette-input">
          <SearchOutlined aria-hidden="true" />
          <input ref={input} value={word} placeholder={t('输入页面、规则或商品…')} role="combobox" aria-expanded="true" aria-controls="palette-hits" aria-activedescendant={hits[active]?.id} onChange={(event) => { setWord(event.target.value); setActive(0) }} onKeyDown={onKeyDown} />
        </label>
        <ul id="palette-hits" role="listbox">
          {hits.map((hit, index) => (
            <li key={hit.id} id={hit.id} role="option" aria-selected={index === active} onMouseEnter={() => setActive(index)} onClick={() => go(hit)}>
              <span>{hit.label}</span> <small>{hit.kind}</small> {index === active ? <EnterOutlined aria-hidden="true" /> : null}
            </li>
          ))}
          {hits.length === 0 ? <li className="faint">{t('没有找到')}</li> : null}
        </ul>
      </div>
    </div>
  )
}

export default Palette
