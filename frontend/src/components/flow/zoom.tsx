/** Zoom in, out, to the whole, to full size; also by the keys + − 0 1. */
import { ExpandOutlined, MinusOutlined, PlusOutlined } from '@ant-design/icons'
import { Panel, useReactFlow, useViewport } from '@xyflow/react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Layout } from '../../lib/flow/layout'

const typing = (target: EventTarget | null): boolean => target instanceof Element && target.closest('input, textarea, select, [contenteditable=true], .cm-editor, .ant-modal, .ant-drawer') !== null

export const Zoom = ({ layout }: { layout: Layout }) => {
  const { t } = useTranslation()
  const { zoomIn, zoomOut, zoomTo, fitBounds } = useReactFlow()
  const { zoom } = useViewport()
  const { width, height } = layout
  useEffect(() => {
    const keys: Record<string, () => unknown> = { '+': () => zoomIn(), '=': () => zoomIn(), '-': () => zoomOut(), '0': () => zoomTo(1), '1': () => fitBounds({ x: 0, y: 0, width, height }, { padding: 0.08 }) }
    const listen = (event: KeyboardEvent): void => {
      const act = keys[event.key]
      if (!act || event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [zoomIn, zoomOut, zoomTo, fitBounds, width, height])
  return (
    <Panel position="bottom-left" className="flow-zoom">
      <button type="button" className="icon-button" aria-label={t('缩小')} title={`${t('缩小')} −`} onClick={() => void zoomOut()}><MinusOutlined /></button>
      <button type="button" className="flow-zoom-word num" title={`${t('原大小')} 0`} onClick={() => void zoomTo(1)}>{Math.round(zoom * 100)}%</button>
      <button type="button" className="icon-button" aria-label={t('放大')} title={`${t('放大')} +`} onClick={() => void zoomIn()}><PlusOutlined /></button>
      <button type="button" className="icon-button" aria-label={t('看全部')} title={`${t('看全部')} 1`} onClick={() => void fitBounds({ x: 0, y: 0, width, height }, { padding: 0.08 })}><ExpandOutlined /></button>
    </Panel>
  )
}
