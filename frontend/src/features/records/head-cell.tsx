/** The title of a column, whose right edge is dragged to make it wider or narrower. */
import type { PointerEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  children: ReactNode
  width: number
  onWidth: (width: number) => void
}

const NARROWEST = 72

export const HeadCell = ({ children, width, onWidth }: Props) => {
  const { t } = useTranslation()
  const begin = (event: PointerEvent<HTMLSpanElement>): void => {
    event.preventDefault()
    event.stopPropagation()
    const start = event.clientX
    const handle = event.currentTarget
    handle.setPointerCapture(event.pointerId)
    const follow = (move: globalThis.PointerEvent): void => onWidth(Math.max(NARROWEST, Math.round(width + move.clientX - start)))
    handle.addEventListener('pointermove', follow)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', follow), { once: true })
  }
  return <>{children}<span className="resize-handle" role="presentation" title={t('拖动改列宽')} onPointerDown={begin} onClick={(event) => event.stopPropagation()} /></>
}
