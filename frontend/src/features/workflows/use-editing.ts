/** What may be done on the canvas, as one object that stays the same while the workflow changes. */
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chosen, Editing, MenuItem } from '../../components/flow/desk'
import { hostOf } from '../../lib/flow/model'
import { addBranch, addLateBranch, connectNodes, copyBranch, copyNode, insertAt, makeDefault, mayEnd, moveBranch, pasteAt, pasteBranch, removeBranch, removeEdge, removeNode, type Words } from './lib/edit'
import { freshSettings } from './lib/kinds'
import { edit, useFlowStore, useTable } from './store'

export interface Inserting {
  edges: string[]
  at: { x: number; y: number }
  mayEnd: boolean
}

type Target = NonNullable<Chosen>

const flowNow = () => useFlowStore.getState().definition

export const duplicate = (chosen: Target, name: string): void => {
  const flow = flowNow()
  if (!flow) return
  if (chosen.kind === 'edge') {
    const edge = flow.edges.find((each) => each.id === chosen.id)
    const fragment = copyBranch(flow, chosen.id)
    if (edge && fragment) edit((now) => pasteBranch(now, hostOf(edge.from), fragment, name).flow)
    return
  }
  const fragment = copyNode(flow, chosen.id)
  const after = flow.edges.filter((edge) => edge.from === chosen.id)
  if (fragment && after.length === 1) edit((now) => pasteAt(now, [after[0]?.id ?? ''], fragment).flow)
}

export const copy = (chosen: Target): boolean => {
  const flow = flowNow()
  const fragment = flow && (chosen.kind === 'edge' ? copyBranch(flow, chosen.id) : copyNode(flow, chosen.id))
  if (!fragment) return false
  useTable.getState().keep(fragment)
  return true
}

export const remove = (chosen: Target): void => {
  const { view, select } = useTable.getState()
  edit((flow) => {
    if (chosen.kind === 'node') return removeNode(flow, chosen.id)
    const siblings = flow.edges.filter((edge) => hostOf(edge.from) === hostOf(flow.edges.find((each) => each.id === chosen.id)?.from ?? ''))
    return view === 'free' && siblings.length < 2 ? removeEdge(flow, chosen.id) : removeBranch(flow, chosen.id)
  })
  select(null)
}

export const paste = (chosen: Target): void => {
  const fragment = useTable.getState().clipboard
  if (!fragment) return
  edit((flow) => {
    if (chosen.kind === 'edge') return fragment.branch ? pasteBranch(flow, hostOf(flow.edges.find((edge) => edge.id === chosen.id)?.from ?? ''), fragment, '').flow : pasteAt(flow, [chosen.id], fragment).flow
    const outgoing = flow.edges.filter((edge) => hostOf(edge.from) === chosen.id)
    if (fragment.branch && outgoing.length > 1) return pasteBranch(flow, chosen.id, fragment, '').flow
    return outgoing.length === 1 ? pasteAt(flow, [outgoing[0]?.id ?? ''], fragment).flow : flow
  })
}

export const useEditing = (title: (type: string) => string): { editing: Editing; inserting: Inserting | null; insert: (type: string) => void; pasteHere: () => void; close: () => void; open: (edges: string[], at: { x: number; y: number }) => void } => {
  const { t } = useTranslation()
  const [inserting, setInserting] = useState<Inserting | null>(null)
  const words = useMemo<Words>(() => ({ condition: (n) => t('条件 {{n}}', { n }), otherwise: t('其他情况'), branch: (n) => t('分支 {{n}}', { n }) }), [t])
  const open = useCallback((edges: string[], at: { x: number; y: number }): void => {
    const flow = flowNow()
    if (flow) setInserting({ edges, at, mayEnd: mayEnd(flow, edges) })
  }, [])
  const close = useCallback((): void => setInserting(null), [])
  const insert = useCallback((type: string): void => {
    if (!inserting) return
    let node = ''
    edit((flow) => {
      const done = insertAt(flow, inserting.edges, type, { ...freshSettings(type), name: title(type) }, words)
      node = done.node
      return done.flow
    })
    setInserting(null)
    if (node) useTable.getState().select({ kind: 'node', id: node })
  }, [inserting, words, title])
  const pasteHere = useCallback((): void => {
    const fragment = useTable.getState().clipboard
    if (inserting && fragment) edit((flow) => pasteAt(flow, inserting.edges, fragment).flow)
    setInserting(null)
  }, [inserting])
  const editing = useMemo<Editing>(() => {
    const menu = (chosen: Target): MenuItem[] => {
      const flow = flowNow()
      if (chosen.kind === 'edge') return [{ key: 'duplicate', label: t('再来一条一样的') }, { key: 'copy', label: t('复制条件和步骤') }, { key: 'default', label: t('其他情况都走这条') }, { key: 'remove', label: t('删除分支'), danger: true }]
      const type = flow?.nodes[chosen.id]?.type
      const late = type === 'approval' || type === 'task' ? [{ key: 'late', label: t('超时走另一条路') }] : []
      const pasteIn = useTable.getState().clipboard ? [{ key: 'paste', label: t('在后面粘贴') }] : []
      return [{ key: 'duplicate', label: t('再来一个一样的') }, { key: 'copy', label: t('复制') }, ...pasteIn, ...late, { key: 'remove', label: t('删除'), danger: true, disabled: type === 'start' }]
    }
    const act = (action: string, chosen: Target): void => {
      if (action === 'remove') remove(chosen)
      else if (action === 'copy') copy(chosen)
      else if (action === 'paste') paste(chosen)
      else if (action === 'duplicate') duplicate(chosen, t('条件 {{n}}', { n: 2 }))
      else if (action === 'default') edit((flow) => makeDefault(flow, chosen.id))
      else if (action === 'late') {
        let added = ''
        edit((flow) => {
          const done = addLateBranch(flow, chosen.id, 'PT4H', t('超时'))
          added = done.edge
          return done.flow
        })
        if (added) useTable.getState().select({ kind: 'edge', id: added })
      }
    }
    return {
      insert: open,
      menu,
      act,
      addBranch: (node) => {
        let added = ''
        edit((flow) => {
          const number = flow.edges.filter((edge) => hostOf(edge.from) === node).length
          const done = addBranch(flow, node, flow.nodes[node]?.type === 'parallel' ? words.branch(number + 1) : words.condition(number))
          added = done.edge
          return done.flow
        })
        if (added) useTable.getState().select({ kind: 'edge', id: added })
      },
      moveBranch: (edge, by) => edit((flow) => moveBranch(flow, edge, by)),
      connect: (from, to) => edit((flow) => connectNodes(flow, from, to)),
      place: (positions) => edit((flow) => ({ ...flow, nodes: Object.fromEntries(Object.entries(flow.nodes).map(([id, node]) => [id, positions[id] ? { ...node, position: positions[id] } : node])) })),
    }
  }, [open, t, words])
  return { editing, inserting, insert, pasteHere, close, open }
}
