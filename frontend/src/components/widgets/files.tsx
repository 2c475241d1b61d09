/** Files and pictures: chosen, dropped, pasted, or taken with the phone's camera; uploaded at once, kept by name. */
import { CameraOutlined, DeleteOutlined, LoadingOutlined, PaperClipOutlined } from '@ant-design/icons'
import { Image } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Json } from '../../api/types'
import { errorText } from '../../app/query'
import { isFiles, type StoredFile } from '../../lib/fields'
import type { FieldInputProps } from '../field-input'

export const fileUrl = (file: Pick<StoredFile, 'id'>): string => `/api/v1/files/${file.id}`

const saySize = (bytes: number): string => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`)

const isPicture = (file: StoredFile): boolean => file.type.startsWith('image/')

const upload = async (file: File): Promise<StoredFile> => {
  const body = new FormData()
  body.append('file', file)
  return api.post<StoredFile>('/files', body)
}

export const FileList = ({ files, onRemove }: { files: readonly StoredFile[]; onRemove?: (file: StoredFile) => void }) => {
  const { t } = useTranslation()
  const pictures = files.filter(isPicture)
  const remove = (file: StoredFile) => (onRemove ? <button type="button" className="file-remove" aria-label={t('删除“{{title}}”', { title: file.name })} onClick={() => onRemove(file)}><DeleteOutlined /></button> : null)
  return (
    <>
      {pictures.length > 0 ? (
        <Image.PreviewGroup>
          <div className="pictures">{pictures.map((file) => <span key={file.id} className="picture"><Image src={fileUrl(file)} alt={file.name} width={84} height={84} />{remove(file)}</span>)}</div>
        </Image.PreviewGroup>
      ) : null}
      <ul className="file-list">
        {files.filter((file) => !isPicture(file)).map((file) => (
          <li key={file.id} className="row"><PaperClipOutlined aria-hidden="true" /><a href={fileUrl(file)} download={file.name} className="ellipsis">{file.name}</a><span className="faint num nowrap">{saySize(file.size)}</span>{remove(file)}</li>
        ))}
      </ul>
    </>
  )
}

export const FilesInput = ({ field, value, onChange, id }: FieldInputProps) => {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(0)
  const [failure, setFailure] = useState('')
  const files: StoredFile[] = isFiles(value) ? value : []
  const picture = field.type === 'image'
  const most = field.max_count ?? 10
  const add = async (chosen: readonly File[]): Promise<void> => {
    const taken = chosen.slice(0, Math.max(0, most - files.length))
    setFailure(taken.length < chosen.length ? t('最多 {{n}} 个', { n: most }) : '')
    setBusy(taken.length)
    const done = await Promise.allSettled(taken.map(upload))
    setBusy(0)
    const good = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const bad = done.find((one) => one.status === 'rejected')
    if (bad) setFailure(errorText(bad.reason))
    if (good.length > 0) onChange?.([...files, ...good] as Json)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    void add([...event.dataTransfer.files])
  }
  const left = (file: StoredFile): void => {
    const rest = files.filter((one) => one.id !== file.id)
    onChange?.(rest.length > 0 ? (rest as Json) : null)
  }
  return (
    <div className="files-input" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <FileList files={files} onRemove={left} />
      {files.length < most ? (
        <button type="button" id={id} className="upload-button" disabled={busy > 0} onClick={() => input.current?.click()}>
          {busy > 0 ? <LoadingOutlined aria-hidden="true" /> : picture ? <CameraOutlined aria-hidden="true" /> : <PaperClipOutlined aria-hidden="true" />}
          <span>{busy > 0 ? t('正在上传…') : picture ? t('拍照或选图') : t('选择文件，或拖到这里')}</span>
        </button>
      ) : null}
      {failure ? <p className="field-problem" role="alert">{failure}</p> : null}
      <input ref={input} type="file" hidden multiple={most > 1} accept={(field.accept ?? (picture ? ['image/*'] : [])).join(',') || undefined} onChange={(event) => { void add([...(event.target.files ?? [])]); event.target.value = '' }} />
    </div>
  )
}
