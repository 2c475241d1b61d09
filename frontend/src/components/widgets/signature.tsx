/** A signature drawn by finger, pen or mouse; kept as a small PNG. */
import { Button } from 'antd'
import { type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldInputProps } from '../field-input'

const WIDTH = 480
const HEIGHT = 160

export const SignatureInput = ({ value, onChange, id }: FieldInputProps) => {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const last = useRef<{ x: number; y: number } | null>(null)
  const [again, setAgain] = useState(false)
  const signed = typeof value === 'string' && value !== ''
  const at = (event: PointerEvent<HTMLCanvasElement>): { x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: ((event.clientX - box.left) / box.width) * WIDTH, y: ((event.clientY - box.top) / box.height) * HEIGHT }
  }
  const draw = (event: PointerEvent<HTMLCanvasElement>): void => {
    const pen = canvas.current?.getContext('2d')
    if (!pen || !last.current) return
    const now = at(event)
    pen.lineWidth = 3
    pen.lineCap = 'round'
    pen.strokeStyle = '#1b2130'
    pen.beginPath()
    pen.moveTo(last.current.x, last.current.y)
    pen.lineTo(now.x, now.y)
    pen.stroke()
    last.current = now
  }
  const finish = (): void => {
    if (!last.current || !canvas.current) return
    last.current = null
    onChange?.(canvas.current.toDataURL('image/png'))
  }
  const clear = (): void => {
    canvas.current?.getContext('2d')?.clearRect(0, 0, WIDTH, HEIGHT)
    setAgain(true)
    onChange?.(null)
  }
  return (
    <div className="signature" id={id}>
      {signed && !again ? <img src={value} alt={t('签名')} className="signature-picture" /> : (
        <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-label={t('在这里签名')} onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); setAgain(true); last.current = at(event) }} onPointerMove={draw} onPointerUp={finish} onPointerCancel={finish} />
      )}
      {signed ? <Button size="small" type="text" onClick={clear}>{t('重签')}</Button> : <span className="faint signature-hint" aria-hidden="true">{t('在这里签名')}</span>}
    </div>
  )
}
