/** What a run did, with a few of its alerts spelled out. */
import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { RunResult } from '../../api/types'
import { LevelTag } from '../../components/status'
import { pick } from '../../i18n'
import { sayNumber, saySeconds } from '../../lib/numbers'

export const RunResultModal = ({ result, rule, onClose }: { result: RunResult; rule: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const figures: [string, number][] = [[t('新触发'), result.fired], [t('级别变化'), result.changed], [t('已恢复'), result.resolved], [t('通知'), result.notices], [t('补货任务'), result.tasks]]
  return (
    <Modal open width={600} title={t('运行完成')} onCancel={onClose} footer={[<Button key="close" onClick={onClose}>{t('关闭')}</Button>, <Button key="alerts" type="primary" onClick={() => void navigate(`/alerts?rule=${rule}`)}>{t('看预警')}</Button>]}>
      <p className="soft num">{t('检查了 {{rows}} 个，用时 {{seconds}} 秒', { rows: sayNumber(result.rows), seconds: saySeconds(result.seconds) })}</p>
      <dl className="run-figures">{figures.map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="num">{sayNumber(value)}</dd></div>)}</dl>
      <ul className="preview-samples">
        {result.examples.slice(0, 5).map((example, index) => (
          <li key={index}><div className="row between"><span className="strong">{example.record}</span><LevelTag level={example.level} plain /></div><div className="soft num">{pick(example, 'explanation')}</div></li>
        ))}
      </ul>
    </Modal>
  )
}
