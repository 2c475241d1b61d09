/** Everything that keeps the workflow from being published; an entry leads to its step. */
import { CheckCircleFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api/types'
import { ProblemList } from '../../components/problems'
import { CardSkeleton } from '../../components/states'
import { placeOf } from './lib/paths'
import { useFlow, useTable } from './store'

export const jumpTo = (problem: Problem, flow: ReturnType<typeof useFlow>): void => {
  const place = placeOf(problem.path, flow)
  const { select, jump } = useTable.getState()
  select(place)
  if (place) jump(place.id)
  else useTable.setState({ side: 'settings' })
}

export const ProblemsPanel = ({ problems, known }: { problems: Problem[]; known: boolean }) => {
  const { t } = useTranslation()
  const flow = useFlow()
  if (!known && problems.length === 0) return <CardSkeleton lines={3} />
  if (problems.length === 0) return <p className="good-line"><CheckCircleFilled aria-hidden="true" /> {t('没有问题，可以发布')}</p>
  return (
    <>
      <p className="soft">{t('改好下面 {{n}} 处才能发布，点一条就跳到那里。', { n: problems.length })}</p>
      <ProblemList problems={problems} onJump={(problem) => jumpTo(problem, flow)} />
    </>
  )
}
