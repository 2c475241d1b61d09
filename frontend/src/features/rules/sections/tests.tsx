/** Tests beside the rule: rows with the level they should give, run whenever the rule is published. */
import { DeleteOutlined, SaveOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/client'
import type { RuleTest } from '../../../api/types'
import { useWording } from '../../../components/formula/wording'
import { levelName } from '../../../components/status'
import { sayValue } from '../../../lib/values'
import { useSample } from '../sample'
import { BuilderSection } from '../section'
import { useBuilder, useRule } from '../store'

const Row = ({ test, levels, over, onChange, onRemove, readOnly }: { test: RuleTest; levels: string[]; over: string; onChange: (test: RuleTest) => void; onRemove: () => void; readOnly: boolean }) => {
  const { t } = useTranslation()
  const wording = useWording(over)
  return (
    <div className="test-row">
      <div className="row wrap">
        <Input className="test-name" aria-label={t('用例名称')} value={test.name ?? ''} onChange={(event) => onChange({ ...test, name: event.target.value })} />
        <span className="soft">{t('应该')}</span>
        <Select aria-label={t('应得的级别')} value={test.expect ?? ''} style={{ width: 120 }} onChange={(next: string) => onChange({ ...test, expect: next || null })} options={[{ value: '', label: t('不报警') }, ...levels.map((name) => ({ value: name, label: t(levelName(name)) }))]} />
        {readOnly ? null : <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除用例')} onClick={onRemove} />}
      </div>
      <p className="faint num">{Object.entries(test.record).map(([name, value]) => `${wording.say(name)} ${sayValue(value)}`).join(' · ')}</p>
    </div>
  )
}

export const TestsSection = ({ readOnly }: { readOnly: boolean }) => {
  const { t } = useTranslation()
  const rule = useRule()
  const change = useBuilder((state) => state.change)
  const sample = useSample(rule.over)
  const tests = rule.tests ?? []
  const write = (next: RuleTest[]): void => change({ tests: next.length > 0 ? next : undefined })
  const take = useMutation({
    mutationFn: () => api.post<RuleTest>('/rules/sample', { definition: rule, keys: sample.keys }),
    onSuccess: (test) => write([...(useBuilder.getState().definition?.tests ?? []), { ...test, name: sample.label.slice(0, 200) }]),
  })
  const levels = [...new Set([...rule.levels, ...(rule.during ?? []).flatMap((phase) => phase.levels ?? [])].map((level) => level.level))]
  return (
    <BuilderSection name="tests" title={t('用例')} text={t('存几条样例和应得的结果，以后每次发布都会核对')} extra={readOnly ? null : <Button type="text" icon={<SaveOutlined />} disabled={!sample.keys} loading={take.isPending} onClick={() => take.mutate()}>{t('把正在试算的存成用例')}</Button>}>
      {tests.length === 0 ? <p className="faint">{t('还没有。右边选一个商品试算，结果对了就存下来。')}</p> : null}
      <div className="stack">{tests.map((test, index) => <Row key={index} test={test} levels={levels} over={rule.over} readOnly={readOnly} onChange={(next) => write(tests.map((one, at) => (at === index ? next : one)))} onRemove={() => write(tests.filter((_, at) => at !== index))} />)}</div>
    </BuilderSection>
  )
}
