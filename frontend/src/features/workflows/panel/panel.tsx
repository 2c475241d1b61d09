/** The settings of whatever is chosen: a step, a branch, or the workflow. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names } from '../../../lib/flow/words'
import type { NodeKind } from '../lib/kinds'
import { useFlow, useTable } from '../store'
import { BranchPanel } from './branch'
import { PanelProvider } from './context'
import { FlowPanel } from './flow'
import { NodePanel } from './node'
import { useFlowWords } from './words'

export const SettingsPanel = ({ kinds, names, readOnly }: { kinds: readonly NodeKind[]; names: Names; readOnly: boolean }) => {
  const { t } = useTranslation()
  const flow = useFlow()
  const chosen = useTable((state) => state.chosen)
  const words = useFlowWords(flow)
  const node = chosen?.kind === 'node' ? flow.nodes[chosen.id] : undefined
  const edge = chosen?.kind === 'edge' ? flow.edges.find((each) => each.id === chosen.id) : undefined
  const id = node && chosen ? chosen.id : ''
  const context = useMemo(() => ({ flow, node: id, names, words, readOnly }), [flow, id, names, words, readOnly])
  return (
    <PanelProvider value={context}>
      {node ? <NodePanel key={id} kind={kinds.find((kind) => kind.type === node.type)} /> : edge ? <BranchPanel key={edge.id} edge={edge} /> : <><p className="faint panel-hint">{t('点图上的一步来设置它；下面是整个流程的设置。')}</p><FlowPanel /></>}
    </PanelProvider>
  )
}
