/** Two versions on one canvas: green is new, yellow changed, red gone. */
import { useQuery } from '@tanstack/react-query'
import { Modal, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page, Version } from '../../api/types'
import { FlowCanvas } from '../../components/flow/canvas'
import type { Desk } from '../../components/flow/desk'
import { CardSkeleton, Empty } from '../../components/states'
import { Status } from '../../components/status'
import type { Flow } from '../../lib/flow/model'
import { compare } from './lib/changes'

const WORDS = { added: ['good', '新增'], changed: ['warning', '改过'], removed: ['critical', '去掉'] } as const
const NONE: ReadonlySet<string> = new Set()

const Drawn = ({ before, after, desk }: { before: Flow; after: Flow; desk: Desk }) => {
  const { t } = useTranslation()
  const found = useMemo(() => compare(before, after), [before, after])
  const [focus, setFocus] = useState<{ id: string; turn: number } | null>(null)
  const looking = useMemo<Desk>(() => ({ flow: found.flow, names: desk.names, title: desk.title, select: () => undefined, fold: () => undefined }), [found, desk])
  return (
    <div className="compare">
      <div className="compare-canvas"><FlowCanvas desk={looking} view="tree" folded={NONE} chosen={null} marks={found.marks} edgeTones={found.edgeTones} focus={focus} /></div>
      <ul className="compare-list">
        {found.changes.length === 0 && found.edgeTones.size === 0 ? <li className="faint">{t('没有变化')}</li> : null}
        {found.changes.map((change) => (
          <li key={change.id}><button type="button" className="who-step" onClick={() => setFocus({ id: change.id, turn: (focus?.turn ?? 0) + 1 })}><Status tone={WORDS[change.kind][0]} plain>{t(WORDS[change.kind][1])}</Status> <strong>{change.name}</strong></button>{change.settings.length > 0 ? <p className="faint mono">{change.settings.join(', ')}</p> : null}</li>
        ))}
      </ul>
    </div>
  )
}

export const CompareModal = ({ flow, desk, onClose }: { flow: Flow; desk: Desk; onClose: () => void }) => {
  const { t } = useTranslation()
  const versions = useQuery({ queryKey: ['versions', 'workflows', flow.key], queryFn: () => api.get<Page<Version>>(`/workflows/${flow.key}/versions`) })
  const [chosen, setChosen] = useState<number | null>(null)
  const [opened, setOpened] = useState(false) // while the dialog still grows nothing in it can be measured
  const version = chosen ?? versions.data?.items[0]?.version ?? null
  const other = useQuery({ queryKey: ['version', 'workflows', flow.key, version], queryFn: () => api.get<{ definition: Flow }>(`/workflows/${flow.key}/versions/${version}`), enabled: version !== null, staleTime: Infinity })
  return (
    <Modal open width="min(1280px, 94vw)" title={t('和哪一版比')} onCancel={onClose} afterOpenChange={setOpened} footer={null}>
      {versions.isSuccess && versions.data.items.length === 0 ? <Empty title={t('还没有发布过')} text={t('发布后每一版都会留在这里，随时可以回去。')} /> : (
        <div className="stack tight">
          <Select aria-label={t('和哪一版比')} value={version ?? undefined} onChange={setChosen} options={(versions.data?.items ?? []).map((item) => ({ value: item.version, label: t('第 {{n}} 版 → 现在画的', { n: item.version }) }))} style={{ width: 240 }} />
          {other.data && opened ? <Drawn before={other.data.definition} after={flow} desk={desk} /> : <CardSkeleton />}
        </div>
      )}
    </Modal>
  )
}
