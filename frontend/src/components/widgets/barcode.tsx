/** A barcode: typed, sent by a hand scanner (which types), or read by the phone's camera where the browser can. */
import { ScanOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldInputProps } from '../field-input'

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>
}

const detectorClass = (): (new () => Detector) | undefined => (window as unknown as { BarcodeDetector?: new () => Detector }).BarcodeDetector

const PAUSE_MS = 150

const Camera = ({ onRead, onClose }: { onRead: (code: string) => void; onClose: () => void }) => {
  const { t } = useTranslation()
  const video = useRef<HTMLVideoElement>(null)
  const [failed, setFailed] = useState(false)
  const read = useRef(onRead)
  useEffect(() => {
    read.current = onRead
  }, [onRead])
  useEffect(() => {
    let stream: MediaStream | null = null
    let timer = 0
    let over = false
    const look = async (detector: Detector): Promise<void> => {
      if (over || !video.current) return
      const [found] = await detector.detect(video.current).catch(() => [])
      if (found) read.current(found.rawValue)
      else timer = window.setTimeout(() => void look(detector), PAUSE_MS)
    }
    const start = async (): Promise<void> => {
      const Found = detectorClass()
      if (!Found) throw new Error('no detector')
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (!video.current || over) return
      video.current.srcObject = stream
      await video.current.play()
      void look(new Found())
    }
    start().catch(() => setFailed(true))
    return () => {
      over = true
      window.clearTimeout(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [])
  return (
    <Modal open title={t('把条码放进框里')} footer={null} onCancel={onClose} destroyOnHidden>
      {failed ? <Alert type="warning" showIcon title={t('打不开相机')} description={t('请允许使用相机，或直接输入条码。')} /> : <video ref={video} className="scan-video" muted playsInline />}
    </Modal>
  )
}

export const BarcodeInput = ({ field, value, onChange, id, autoFocus, onBlur }: FieldInputProps) => {
  const { t } = useTranslation()
  const [scanning, setScanning] = useState(false)
  const canScan = detectorClass() !== undefined && 'mediaDevices' in navigator
  return (
    <>
      <Input id={id} autoFocus={autoFocus} onBlur={onBlur} inputMode={field.symbology && field.symbology !== 'any' ? 'numeric' : undefined} placeholder={field.placeholder} value={typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value)} onChange={(event) => onChange?.(event.target.value || null)} suffix={canScan ? <Button type="text" size="small" icon={<ScanOutlined />} aria-label={t('扫码')} onClick={() => setScanning(true)} /> : <ScanOutlined className="faint" aria-hidden="true" />} />
      {scanning ? <Camera onClose={() => setScanning(false)} onRead={(code) => { setScanning(false); onChange?.(code) }} /> : null}
    </>
  )
}
