/** Everything that keeps the form from being published; a click jumps to the spot. */
import { CheckCircleFilled, ExclamationCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ApiError } from '../../api/client'
import type { FormDefinition, Problem } from '../../api/types'
import { useSettled } from '../../components/formula/use-check'
import { ProblemList } from '../../components/problems'
import { spotId } from './canvas'
import { spotOfPath } from './spots'
import { useDesk } from './store'

export const useProblems = (form: FormDefinition): { problems: Problem[]; known: boolean } => {
  const settled = useSettled(JSON.stringify(form), 500)
  const check = useQuery({
    queryKey: ['form-check', settled],
    queryFn: () => api.post<{ problems: Problem[] }>('/forms/check', { definition: JSON.parse(settled) as FormDefinition }),
    placeholderData: (previous) => previous,
    retry: false,
    staleTime: 60_000,
  })
  if (check.error instanceof ApiError && check.error.problems.length > 0) return { problems: check.error.problems, known: true }
  return { problems: check.data?.problems ?? [], known: check.isSuccess }
}

const flash = (id: string): void => {
  const element = document.getElementById(id)
  element?.scrollIntoView({ behavior: 'smooth', block: 'center' })
  element?.classList.add('flash')
  setTimeout(() => element?.classList.remove('flash'), 1500)
}

export const jumpTo = (form: FormDefinition, path: string): void => {
  const spot = spotOfPath(form, path)
  const { select, show } = useDesk.getState()
  show(spot.view)
  if (spot.selected) select(spot.selected)
  const { selected } = useDesk.getState()
  setTimeout(() => flash(spot.id ?? spotId(selected)), 60)
}

export const ProblemsButton = ({ form, problems, known }: { form: FormDefinition; problems: Problem[]; known: boolean }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (!known) return null
  if (problems.length === 0) return <span className="good-line"><CheckCircleFilled aria-hidden="true" /> {t('没有问题，可以发布')}</span>
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" title={t('发布前要改这些')} content={<div className="problems-pop"><ProblemList problems={problems} onJump={(problem) => { setOpen(false); jumpTo(form, problem.path) }} /></div>}>
      <Button type="text" className="problems-button" icon={<ExclamationCircleFilled />}>{t('{{n}} 处要改', { n: problems.length })}</Button>
    </Popover>
  )
}
