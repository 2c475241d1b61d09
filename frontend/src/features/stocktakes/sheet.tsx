/** What a count sheet holds, and its state in words. */
import { useTranslation } from 'react-i18next'
import { Status, type Tone } from '../../components/status'

export interface SheetLine {
  sku: string
  book: number | null
  counted: number | null
  note?: string | null
}

export const differences = (lines: SheetLine[]): SheetLine[] => lines.filter((line) => line.counted !== null && line.counted !== undefined && line.counted !== (line.book ?? 0))

const STATES: Record<string, [Tone, string]> = { counting: ['info', '盘点中'], submitted: ['warning', '待审批'], approved: ['good', '已调整'], rejected: ['critical', '已驳回'] }

export const SheetState = ({ state }: { state: string }) => {
  const { t } = useTranslation()
  const [tone, word] = STATES[state] ?? ['unknown', state]
  return <Status tone={tone}>{t(word)}</Status>
}
