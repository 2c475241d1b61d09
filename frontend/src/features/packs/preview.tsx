/** Before anything is installed: what changes, what it may do, who and what is missing, which rules overlap, how its tests end. */
import { CheckCircleFilled, CloseCircleFilled, SafetyCertificateOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import type { Page } from '../../api/types'
import { ProblemList } from '../../components/problems'
import { Status, type Tone } from '../../components/status'
import { pick } from '../../i18n'
import { changed, difference } from '../../lib/difference'
import { type Answers, type Choice, kindName, type Preview, type Step } from './types'

const ACTIONS: Record<Step['action'], [Tone, string]> = {
  add: ['good', '新增'], same: ['unknown', '相同'], update: ['info', '更新'], merge: ['info', '合并你的修改'], keep: ['unknown', '保留我的'], replace: ['warning', '用包里的'], rename: ['info', '改名并存'],
}

const Sides = ({ step }: { step: Step }) => {
  const { t } = useTranslation()
  const lines = changed(difference(step.before, step.theirs))
  return (
    <div className="pack-sides">
      <p className="faint">{t('− 你现在的　+ 包里的')}{step.conflicts.length > 0 && step.conflicts[0] !== '$' ? `　${t('两边都改了：')}${step.conflicts.join('、')}` : ''}</p>
      <pre className="diff">{lines.map((line, index) => <span key={index} className={line.kind}>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '} {line.text}{'\n'}</span>)}</pre>
    </div>
  )
}

const Conflict = ({ step, choice, onChoose }: { step: Step; choice: Choice; onChoose: (choice: Choice) => void }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div className="pack-conflict">
      <div className="row wrap between">
        <span><b>{step.name}</b> <span className="faint">{t(kindName(step.kind))}</span> <button type="button" className="link" onClick={() => setOpen(!open)}>{open ? t('收起') : t('看差别')}</button></span>
        <Segmented<Choice> aria-label={t('{{name}} 怎么处理', { name: step.name })} value={choice} onChange={onChoose} options={[{ value: 'keep', label: t('保留我的') }, { value: 'replace', label: t('用包里的') }, { value: 'rename', label: t('改名并存') }]} />
      </div>
      {open ? <Sides step={step} /> : null}
    </div>
  )
}

const Gaps = ({ gaps, answers, onAnswer }: { gaps: Preview['gaps']; answers: Answers; onAnswer: (change: Partial<Answers>) => void }) => {
  const { t } = useTranslation()
  const users = useQuery({ queryKey: ['users'], queryFn: () => api.get<Page<{ key: string; name: string }>>('/users'), enabled: gaps.people.length > 0 })
  const channels = useQuery({ queryKey: ['channels'], queryFn: () => api.get<Page<{ key: string; name: string }>>('/channels'), enabled: gaps.channels.length > 0 })
  if (gaps.people.length + gaps.channels.length === 0) return null
  return (
    <section className="card pad">
      <h2>{t('还缺什么')}</h2>
      {gaps.people.map((gap) => (
        <label key={gap.role} className="pack-gap">
          <span>{t('谁担任 {{role}}', { role: gap.name })}<small className="faint block">{t('用在')} {gap.used_by.join('、')}</small></span>
          <Select mode="multiple" aria-label={t('谁担任 {{role}}', { role: gap.name })} placeholder={t('以后再定')} value={answers.people[gap.role] ?? []} onChange={(keys: string[]) => onAnswer({ people: { ...answers.people, [gap.role]: keys } })} options={(users.data?.items ?? []).map((user) => ({ value: user.key, label: user.name }))} />
        </label>
      ))}
      {gaps.channels.map((gap) => (
        <label key={gap.channel} className="pack-gap">
          <span>{t('通道 {{channel}} 还没有接通，改用', { channel: gap.channel })}<small className="faint block">{t('用在')} {gap.used_by.join('、')}</small></span>
          <Select allowClear aria-label={t('通道 {{channel}} 还没有接通，改用', { channel: gap.channel })} value={answers.channels[gap.channel]} onChange={(key: string | undefined) => onAnswer({ channels: key ? { ...answers.channels, [gap.channel]: key } : Object.fromEntries(Object.entries(answers.channels).filter(([name]) => name !== gap.channel)) })} options={(channels.data?.items ?? []).map((one) => ({ value: one.key, label: one.name }))} />
        </label>
      ))}
    </section>
  )
}

const Tests = ({ tests }: { tests: Preview['tests'] }) => {
  const { t } = useTranslation()
  if (tests.length === 0) return null
  const passed = tests.filter((one) => one.passed).length
  return (
    <section className="card pad">
      <h2>{t('自带的测试')} <small className={passed === tests.length ? 'good' : 'critical'}>{t('{{n}}/{{m}} 通过', { n: passed, m: tests.length })}</small></h2>
      <ul className="pack-tests">
        {tests.map((one) => (
          <li key={one.name}>{one.passed ? <CheckCircleFilled className="good" aria-label={t('通过')} /> : <CloseCircleFilled className="critical" aria-label={t('没有通过')} />} <span>{pick(one, 'name')}{one.differences.map((difference) => <small key={difference.message} className="critical block">{pick(difference, 'message')}</small>)}</span></li>
        ))}
      </ul>
    </section>
  )
}

const Signature = ({ signature }: { signature: Preview['signature'] }) => {
  const { t } = useTranslation()
  if (signature.state === 'none') return null
  if (signature.state === 'trusted') return <Alert type="success" showIcon icon={<SafetyCertificateOutlined />} title={t('由 {{name}} 签名，没有被改动过', { name: signature.name })} />
  if (signature.state === 'broken') return <Alert type="error" showIcon title={t('签名不符：签名之后被改动过，不能安装')} />
  return <Alert type="info" showIcon title={t('有签名，但这里还不认识这把密钥（{{id}}）', { id: signature.key_id })} />
}

export const PreviewCards = ({ preview, answers, onAnswer }: { preview: Preview; answers: Answers; onAnswer: (change: Partial<Answers>) => void }) => {
  const { t } = useTranslation()
  const conflicts = preview.steps.filter((step) => step.conflict)
  const overlaps = preview.overlaps.filter((one) => one.both > 0)
  const rest = preview.steps.filter((step) => !step.conflict)
  return (
    <div className="stack">
      <Signature signature={preview.signature} />
      {preview.problems.length > 0 ? <section className="card pad"><h2 className="critical">{t('先解决这些')}</h2><ProblemList problems={preview.problems} /></section> : null}
      {conflicts.length > 0 ? (
        <section className="card pad">
          <h2>{t('{{n}} 处冲突：你和包都改过', { n: conflicts.length })}</h2>
          {conflicts.map((step) => <Conflict key={`${step.kind}/${step.key}`} step={step} choice={answers.choices[`${step.kind}/${step.key}`] ?? 'keep'} onChoose={(choice) => onAnswer({ choices: { ...answers.choices, [`${step.kind}/${step.key}`]: choice } })} />)}
        </section>
      ) : null}
      <Gaps gaps={preview.gaps} answers={answers} onAnswer={onAnswer} />
      {preview.abilities.length > 0 ? (
        <section className="card pad">
          <h2>{t('装好并启用后，它会')}</h2>
          <ul className="pack-abilities">{preview.abilities.map((ability) => <li key={ability.words}>{pick(ability, 'words')}</li>)}</ul>
          <p className="soft">{t('安装时这些都先关着，确认之后才开始。')}</p>
        </section>
      ) : null}
      {overlaps.length > 0 ? (
        <section className="card pad">
          <h2>{t('和现有规则的重叠')}</h2>
          <ul className="pack-overlaps">{overlaps.map((one) => <li key={`${one.rule}-${one.other}`}>{t('“{{name}}”现在会报 {{n}} 条，其中 {{both}} 条“{{other}}”已经在报', { name: one.name, n: one.matches, both: one.both, other: one.other_name })}</li>)}</ul>
        </section>
      ) : null}
      <Tests tests={preview.tests} />
      <section className="card pad">
        <h2>{t('会改动什么')}</h2>
        {preview.requires.length > 0 ? <p className="soft">{t('先一起装上：{{names}}', { names: preview.requires.map((one) => pick(one, 'name')).join('、') })}</p> : null}
        <ul className="pack-steps">
          {rest.map((step) => {
            const [tone, word] = ACTIONS[step.action]
            return <li key={`${step.kind}/${step.key}`}><Status tone={tone} plain>{t(word)}</Status> <span className="faint pack-kind">{t(kindName(step.kind))}</span> <span className="grow">{step.name}</span></li>
          })}
        </ul>
      </section>
    </div>
  )
}
