/** The canvas by keyboard: arrows walk, Enter and F2 edit, Tab adds, Delete removes, copy, paste, duplicate. */
import { useEffect } from 'react'
import { treeLayout } from '../../lib/flow/layout'
import { copy, duplicate, paste, remove } from './use-editing'
import { useFlowStore, useTable } from './store'

const TYPING = 'input, textarea, select, [contenteditable=true], .cm-editor, .ant-modal, .ant-drawer, .ant-select, .insert-menu'

const typing = (target: EventTarget | null): boolean => target instanceof Element && target.closest(TYPING) !== null

const ARROWS: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }

/** Choose the nearest card in a direction. */
const step = (dx: number, dy: number): void => {
  const flow = useFlowStore.getState().definition
  const { chosen, folded, select, jump } = useTable.getState()
  if (!flow) return
  const things = treeLayout(flow, folded).things.filter((thing) => thing.node !== undefined || thing.edge !== undefined)
  const centre = (thing: (typeof things)[number]): [number, number] => [thing.x + thing.width / 2, thing.y + thing.height / 2]
  const current = things.find((thing) => chosen && (chosen.kind === 'node' ? thing.node === chosen.id : thing.edge === chosen.id))
  const [x, y] = current ? centre(current) : [0, -1]
  const scored = things
    .filter((thing) => thing !== current)
    .map((thing) => {
      const [tx, ty] = centre(thing)
      const [along, aside] = dx === 0 ? [(ty - y) * dy, Math.abs(tx - x)] : [(tx - x) * dx, Math.abs(ty - y)]
      return { thing, along, cost: along + aside * 2.2 }
    })
    .filter(({ along }) => along > 4)
    .toSorted((one, other) => one.cost - other.cost)
  const next = current ? scored[0]?.thing : things[0]
  const id = next?.node ?? next?.edge
  if (!next || id === undefined) return
  select(next.node !== undefined ? { kind: 'node', id } : { kind: 'edge', id })
  jump(id)
}

interface Acts {
  readOnly: boolean
  add: (edges: string[], at: { x: number; y: number }) => void
  search: () => void
  help: () => void
}

const withCommand = (key: string): boolean => {
  const { chosen } = useTable.getState()
  if (!chosen) return false
  if (key === 'c') return copy(chosen)
  if (key === 'v') paste(chosen)
  else if (key === 'd') duplicate(chosen, '')
  else if (key === 'x') {
    copy(chosen)
    remove(chosen)
  } else return false
  return true
}

const alone = (key: string, acts: Acts): boolean => {
  const { chosen, select } = useTable.getState()
  if (key === 'Escape') select(null)
  else if (key === '?') acts.help()
  else if (key === '/') acts.search()
  else if (acts.readOnly || !chosen) return false
  else if (key === 'Delete' || key === 'Backspace') remove(chosen)
  else if (key === 'F2' || key === 'Enter') document.querySelector<HTMLInputElement>('.flow-side input')?.focus()
  else if (key === 'Tab') {
    const flow = useFlowStore.getState().definition
    const edges = chosen.kind === 'edge' ? [chosen.id] : (flow?.edges.filter((edge) => edge.from === chosen.id).map((edge) => edge.id) ?? [])
    if (edges.length !== 1) return false
    acts.add(edges, { x: window.innerWidth / 2, y: window.innerHeight / 2 })
  } else return false
  return true
}

export const useCanvasKeys = (acts: Acts): void => {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (typing(event.target) || event.altKey) return
      const arrow = ARROWS[event.key]
      const command = event.metaKey || event.ctrlKey
      if (command && event.key.toLowerCase() === 'f') acts.search()
      else if (command) {
        if (acts.readOnly || !withCommand(event.key.toLowerCase())) return
      } else if (arrow) step(...arrow)
      else if (!alone(event.key, acts)) return
      event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [acts])
}

export const KEYS: readonly [string, string][] = [
  ['↑ ↓ ← →', '走到旁边的一步'], ['Enter / F2', '改这一步的名称和设置'], ['Tab', '在后面加一步'], ['Delete', '删除'], ['⌘/Ctrl C · V · X · D', '复制、粘贴、剪切、再来一个'],
  ['⌘/Ctrl Z · ⇧Z', '撤销、重做'], ['⌘/Ctrl S', '马上保存草稿'], ['/ 或 ⌘/Ctrl F', '找一步'], ['+ − 0 1', '放大、缩小、原大小、看全部'], ['Esc', '什么都不选'],
]
