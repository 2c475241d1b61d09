/** All problems of a definition or record at once; a click jumps to the spot. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/types'
import { pick } from '../i18n'

interface Props {
  problems: Problem[]
  onJump?: (problem: Problem) => void
  onFix?: (problem: Problem) => void
}

export const ProblemList = ({ problems, onJump, onFix }: Props) => {
  const { t } = useTranslation()
  return (
    <ul className="problems">
      {problems.map((problem, index) => {
        const hint = pick(problem, 'hint')
        const body = (
          <>
            <span>{pick(problem, 'message')}</span>
            {hint ? <span className="hint">{hint}</span> : null}
          </>
        )
        return (
          <li key={`${problem.path}-${index}`}>
            {onJump ? <button type="button" className="problem-jump" onClick={() => onJump(problem)}>{body}</button> : body}
            {onFix && problem.fix && problem.at ? <Button size="small" className="problem-fix" onClick={() => onFix(problem)}>{t('改成“{{text}}”', { text: problem.fix })}</Button> : null}
          </li>
        )
      })}
    </ul>
  )
}
