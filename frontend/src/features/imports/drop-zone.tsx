/** Drop a file or choose one; it is analysed at once. */
import { CloudUploadOutlined, FileExcelOutlined, LoadingOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { ImportAnalysis } from '../../api/types'
import { errorText } from '../../app/query'
import { sayNumber } from '../../lib/numbers'
import './imports.css'

const ACCEPTED = '.csv,.tsv,.txt,.xlsx,.xls,.xlsm,.ods,.parquet'

export const useAnalyse = (onDone: (analysis: ImportAnalysis) => void) =>
  useMutation({
    meta: { quiet: true },
    mutationFn: (file: File) => {
      const form = new FormData()
      form.append('file', file)
      return api.post<ImportAnalysis>('/imports/analyse', form)
    },
    onSuccess: onDone,
  })

interface Props {
  title: string
  text: string
  analysis: ImportAnalysis | null
  onAnalysed: (analysis: ImportAnalysis) => void
}

export const DropZone = ({ title, text, analysis, onAnalysed }: Props) => {
  const { t } = useTranslation()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const analyse = useAnalyse(onAnalysed)
  const take = (files: FileList | null): void => {
    const file = files?.[0]
    if (file) analyse.mutate(file)
    if (input.current) input.current.value = ''
  }
  return (
    <div className={`drop ${over ? 'over' : ''} ${analysis ? 'filled' : ''}`} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files) }}>
      <input ref={input} id={id} type="file" accept={ACCEPTED} className="drop-input" onChange={(event) => take(event.target.files)} />
      <label htmlFor={id}>
        <span className="drop-icon" aria-hidden="true">{analyse.isPending ? <LoadingOutlined /> : analysis ? <FileExcelOutlined /> : <CloudUploadOutlined />}</span>
        <span className="grow">
          <strong>{analysis ? analysis.name : title}</strong>
          <small>{analyse.isPending ? t('正在看文件…') : analysis ? t('{{rows}} 行，{{columns}} 列。点这里换一个文件', { rows: sayNumber(analysis.rows), columns: analysis.columns.length }) : text}</small>
        </span>
      </label>
      {analyse.isError ? <p className="drop-error" role="alert">{errorText(analyse.error)}</p> : null}
    </div>
  )
}
