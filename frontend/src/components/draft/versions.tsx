/** The published versions: who, when, what changed, and back to one of them. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Json, Page, Version } from '../../api/types'
import { queryClient } from '../../app/query'
import './draft.css'
import { Moment } from '../moment'
import { Person } from '../person'
import { CardSkeleton, Empty, Failed } from '../states'
import { changed, difference } from '../../lib/difference'

interface VersionBody {
  definition: Json
}

const useVersion = (noun: string, key: string, version: number | null) =>
  useQuery({ queryKey: ['version', noun, key, version], queryFn: () => api.get<VersionBody>(`/${noun}/${key}/versions/${version}`), enabled: version !== null, staleTime: Infinity })

const Changes = ({ noun, itemKey, version, previous }: { noun: string; itemKey: string; version: number; previous: number | null }) => {
  const { t } = useTranslation()
  const after = useVersion(noun, itemKey, version)
  const before = useVersion(noun, itemKey, previous)
  if (after.isPending || (previous !== null && before.isPending)) return <CardSkeleton lines={3} />
  const lines = changed(difference(before.data?.definition ?? null, after.data?.definition))
  if (lines.length === 0) return <p className="faint">{t('没有变化')}</p>
  return <pre className="diff">{lines.map((line, index) => <span key={index} className={line.kind}>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '} {line.text}{'\n'}</span>)}</pre>
}

interface Props {
  noun: string
  itemKey: string
  current: number | null
  readOnly: boolean
  onClose: () => void
  onRolledBack: () => void
}

export const VersionsDrawer = ({ noun, itemKey, current, readOnly, onClose, onRolledBack }: Props) => {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [open, setOpen] = useState<number | null>(null)
  const versions = useQuery({ queryKey: ['versions', noun, itemKey], queryFn: () => api.get<Page<Version>>(`/${noun}/${itemKey}/versions`) })
  const rollback = useMutation({
    mutationFn: (version: number) => api.post(`/${noun}/${itemKey}/rollback`, { version }),
    onSuccess: (_answer, version) => {
      void message.success(t('已回到第 {{n}} 版', { n: version }))
      for (const key of [['versions', noun, itemKey], [noun.replace(/s$/, ''), itemKey], [noun]]) void queryClient.invalidateQueries({ queryKey: key })
      onRolledBack()
    },
  })
  const items = versions.data?.items ?? []
  return (
    <Drawer open title={t('版本')} onClose={onClose} size={520}>
      {versions.isPending ? <CardSkeleton /> : null}
      {versions.isError ? <Failed error={versions.error} retry={() => void versions.refetch()} /> : null}
      {versions.isSuccess && items.length === 0 ? <Empty title={t('还没有发布过')} text={t('发布后每一版都会留在这里，随时可以回去。')} /> : null}
      <ul className="versions">
        {items.map((item, index) => (
          <li key={item.version}>
            <div className="row between">
              <span><strong>{t('第 {{n}} 版', { n: item.version })}</strong> {item.version === current ? <span className="soft">{t('当前')}</span> : null}</span>
              <span className="row">
                <Button size="small" type="text" onClick={() => setOpen(open === item.version ? null : item.version)}>{t('改了什么')}</Button>
                {readOnly || item.version === current ? null : <Button size="small" loading={rollback.isPending} onClick={() => rollback.mutate(item.version)}>{t('回到这一版')}</Button>}
              </span>
            </div>
            <div className="faint"><Person of={item.published_by ?? item.created_by} /> <Moment at={item.published_at ?? item.created_at} /></div>
            {open === item.version ? <Changes noun={noun} itemKey={itemKey} version={item.version} previous={items[index + 1]?.version ?? null} /> : null}
          </li>
        ))}
      </ul>
    </Drawer>
  )
}
