/** The settings of one branch; what it leaves empty it inherits from the branch above. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { QuietRows } from '../../components/quiet-rows'
import { useChannelOptions } from '../../components/use-channels'
import type { Branch, Step } from './model'
import { Receivers } from './receivers'

const AFTER: [string, string][] = [['PT10M', '10 分钟'], ['PT30M', '30 分钟'], ['PT1H', '1 小时'], ['PT4H', '4 小时'], ['P1D', '1 天']]
const WAITS: [string, string][] = [['PT0S', '马上'], ['PT5M', '5 分钟'], ['PT15M', '15 分钟'], ['PT1H', '1 小时']]
const REPEATS: [string, string][] = [['PT4H', '4 小时'], ['PT12H', '12 小时'], ['P1D', '1 天'], ['P3D', '3 天'], ['P7D', '7 天']]
const Escalation = ({ value, onChange }: { value: Step[]; onChange: (value: Step[]) => void }) => {
  const { t } = useTranslation()
  const channels = useChannelOptions()
  const change = (index: number, part: Partial<Step>): void => onChange(value.map((step, place) => (place === index ? { ...step, ...part } : step)))
  return (
    <div className="rows">
      {value.map((step, index) => (
        <div className="step" key={index}>
          <span className="row">
            <Select style={{ width: 120 }} aria-label={t('多久没人处理')} value={step.after} onChange={(after) => change(index, { after })} options={AFTER.map(([value_, word]) => ({ value: value_, label: t(word) }))} />
            <span className="soft grow">{t('没人跟进，就通知')}</span>
            <Button type="text" icon={<DeleteOutlined />} aria-label={t('删除')} onClick={() => onChange(value.filter((_, place) => place !== index))} />
          </span>
          <Receivers label={t('升级给谁')} value={step.to} onChange={(to) => change(index, { to })} />
          <Select mode="multiple" placeholder={t('沿用本路由的渠道')} aria-label={t('升级渠道')} value={step.channels ?? []} onChange={(list: string[]) => change(index, { channels: list.length > 0 ? list : undefined })} options={channels} />
        </div>
      ))}
      <Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...value, { after: 'PT30M', to: ['superior'] }])}>{t('加一步升级')}</Button>
    </div>
  )
}

interface Props {
  branch: Branch
  isRoot: boolean
  onChange: (branch: Branch) => void
}

export const BranchForm = ({ branch, isRoot, onChange }: Props) => {
  const { t } = useTranslation()
  const channels = useChannelOptions()
  const set = (part: Partial<Branch>): void => onChange({ ...branch, ...part })
  const inherited = isRoot ? t('站内消息') : t('沿用上一层')
  return (
    <Form layout="vertical" className="branch-form">
      <Form.Item label={t('名称')}><Input value={branch.name ?? ''} onChange={(event) => set({ name: event.target.value })} placeholder={t('给同事看的名字，可不填')} /></Form.Item>
      <Form.Item label={t('条件')} extra={t('例如 level == \'critical\'、warehouse == \'hd\'；留空表示全部')}>
        <Input className="mono" aria-label={t('条件')} value={branch.match ?? ''} onChange={(event) => set({ match: event.target.value })} placeholder="level == 'critical'" />
      </Form.Item>
      <Form.Item label={t('通知谁')}><Receivers label={t('通知谁')} value={branch.to ?? []} onChange={(to) => set({ to })} /></Form.Item>
      <Form.Item label={t('渠道')}><Select mode="multiple" aria-label={t('渠道')} value={branch.channels ?? []} onChange={(list: string[]) => set({ channels: list })} options={channels} placeholder={inherited} /></Form.Item>
      <Form.Item label={t('合并为一条的依据')}><Select mode="tags" aria-label={t('合并为一条的依据')} value={branch.group_by ?? []} onChange={(list: string[]) => set({ group_by: list })} options={['warehouse', 'sku', 'sku.owner', 'sku.category'].map((value) => ({ value, label: value }))} placeholder={isRoot ? t('按规则的设置') : inherited} /></Form.Item>
      <div className="pair">
        <Form.Item label={t('等多久再发')}><Select allowClear value={branch.wait} onChange={(wait?: string) => set({ wait })} options={WAITS.map(([value, word]) => ({ value, label: t(word) }))} placeholder={isRoot ? t('马上') : inherited} /></Form.Item>
        <Form.Item label={t('多久重复提醒')}><Select allowClear value={branch.repeat_every} onChange={(repeat_every?: string) => set({ repeat_every })} options={REPEATS.map(([value, word]) => ({ value, label: t(word) }))} placeholder={isRoot ? t('1 天') : inherited} /></Form.Item>
      </div>
      <Form.Item label={t('免打扰')}><QuietRows value={branch.quiet ?? []} onChange={(quiet) => set({ quiet })} /></Form.Item>
      <Form.Item label={t('没人处理时升级')}><Escalation value={branch.escalate ?? []} onChange={(escalate) => set({ escalate })} /></Form.Item>
      {isRoot ? null : <Checkbox checked={branch.continue ?? false} onChange={(event) => set({ continue: event.target.checked })}>{t('符合之后继续看下面的分支')}</Checkbox>}
    </Form>
  )
}
