/** Where a dragged thing would land: read from the page under the pointer, so that scrolling and sections of any width just work. */
import { blockAt, blocksOf, mayStand } from '../../lib/form/layout'
import type { Block } from '../../api/types'
import type { Held } from './actions'
import { type Drop, useFormStore } from './store'

const numbers = (text: string | undefined): number[] => (text ? text.split('.').map(Number) : [])

/** Before which child the point lies: in rows from left to right where there are columns. */
export const indexAt = (rects: readonly { top: number; bottom: number; left: number; right: number }[], x: number, y: number, columns: number): number => {
  const found = rects.findIndex((rect) => (columns > 1 ? y < rect.top || (y <= rect.bottom && x < (rect.left + rect.right) / 2) : y < (rect.top + rect.bottom) / 2))
  return found === -1 ? rects.length : found
}

const childIndex = (container: HTMLElement, selector: string, x: number, y: number, columns: number): number =>
  indexAt([...container.querySelectorAll<HTMLElement>(`:scope > ${selector}`)].map((child) => child.getBoundingClientRect()), x, y, columns)

const heldBlock = (held: Held): Block => {
  if (held.kind === 'part') return held.part.kind === 'field' ? { type: 'field' } : { type: held.part.type as Block['type'], items: [] }
  const form = useFormStore.getState().definition
  return (held.kind === 'block' && form ? blockAt(blocksOf(form), held.place) : undefined) ?? { type: 'field' }
}

const columnDrop = (element: HTMLElement, held: Held, x: number, y: number): Drop | null => {
  const key = element.dataset.sub
  const fits = held.kind === 'column' ? held.key === key : held.kind === 'part' && held.part.kind === 'field' && held.part.info.type !== 'sub_form'
  return key && fits ? { kind: 'column', key, index: childIndex(element, '[data-column]', x, y, 2) } : null
}

export const aimAt = (held: Held, x: number, y: number): Drop | null => {
  const form = useFormStore.getState().definition
  if (!form) return null
  const block = heldBlock(held)
  let element = document.elementsFromPoint(x, y).map((one) => one.closest<HTMLElement>('[data-inside],[data-sub]')).find((one) => one !== null) ?? null
  while (element) {
    if (element.dataset.sub !== undefined) {
      const drop = columnDrop(element, held, x, y)
      if (drop) return drop
    } else if (held.kind !== 'column') {
      const inside = numbers(element.dataset.inside)
      const itself = held.kind === 'block' && held.place.every((step, index) => inside[index] === step)
      if (!itself && mayStand(block, blockAt(blocksOf(form), inside))) return { kind: 'spot', spot: { inside, index: childIndex(element, '[data-place]', x, y, Number(element.dataset.columns ?? 1)) } }
    }
    element = element.parentElement?.closest<HTMLElement>('[data-inside],[data-sub]') ?? null
  }
  return null
}
