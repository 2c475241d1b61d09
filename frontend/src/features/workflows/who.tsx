/** Who will approve, for one person and one record: in order, with the rule that named each; also on the canvas. */
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { useMe } from '../../app/query'
import type { Mark } from '../../components/flow/desk'
import { Failed } from '../../components/states'
import type { Flow } from '../../lib/flow/model'
import { type Names, saySource } from '../../lib/flow/words'
import { type Sample, SampleForm } from './sample'
import { useTable } from './store'

interface Stop {
  node: string
  name?: string
  type: string
  mode?: string
  reason?: string
  people: { user: string; name: string; owner?: string | null; rule: string | null; state: string }[]
}

const REASONS: Record<string, string> = { self: '发起人自己，按设置跳过', empty: '找不到人，按设置处理', no_approver: '找不到人，会停下', expression: '条件算不出来，会停下', no_branch: '没有一条分支成立，会停下' }

const MODES: Record<string, string> = { any: '一人同意即可', all: '都要同意', ratio: '按比例', count: '按人数', sequential: '依次', random: '抽一人' }

const marksOf = (stops: readonly Stop[]): Map<string, Mark> => {
  const marks = new Map<string, Mark>()
  for (const stop of stops) {
    const said = stop.people.map((person) => person.name || person.user).slice(0, 3).join('、')
    marks.set(stop.node, { tone: stop.reason ? 'warning' : 'active', notes: said ? [{ text: stop.people.length > 3 ? `${said}…` : said }] : [] })
  }
  return marks
}

export const WhoPanel = ({ flow, names, blocked }: { flow: Flow; names: Names; blocked: number }) => {
  const { t } = useTranslation()
  const { user } = useMe()
  const [sample, setSample] = useState<Sample>({ initiator: user.key, record: null, values: {} })
  const lay = useTable((state) => state.lay)
  const jump = useTable((state) => state.jump)
  const ask = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.post<{ items: Stop[] }>('/workflows/preview', { definition: flow, initiator: sample.initiator, variables: sample.values, ...(sample.record === null ? {} : { record_id: sample.record }) }),
    onSuccess: (answer) => lay({ marks: marksOf(answer.items), lit: new Set() }),
  })
  return (
    <div className="stack tight">
      <p className="soft">{t('选一个发起人和一条记录，看看会轮到谁、为什么是他。')}</p>
      <SampleForm flow={flow} sample={sample} onChange={setSample} />
      <Button type="primary" loading={ask.isPending} disabled={blocked > 0} onClick={() => ask.mutate()}>{t('看谁来审批')}</Button>
      {blocked > 0 ? <p className="who-reason">{t('先改好 {{n}} 处问题，才能试。', { n: blocked })}</p> : null}
      {ask.isError ? <Failed error={ask.error} /> : null}
      {ask.data && ask.data.items.length === 0 ? <p className="faint">{t('没有人需要审批。')}</p> : null}
      <ol className="who">
        {ask.data?.items.map((stop, index) => (
          <li key={`${stop.node}-${index}`}>
            <button type="button" className="who-step" onClick={() => jump(stop.node)}><span className="num faint">{index + 1}</span> <strong>{stop.name ?? stop.node}</strong> {stop.mode ? <span className="faint">{t(MODES[stop.mode] ?? stop.mode)}</span> : null}</button>
            {stop.reason ? <p className="who-reason">{t(REASONS[stop.reason] ?? stop.reason)}</p> : null}
            {stop.people.map((person) => (
              <p key={person.user} className="who-person"><span>{person.name || person.user}</span> <span className="faint">{person.rule ? saySource(person.rule, t, names) : ''}{person.owner ? ` · ${t('代 {{name}}', { name: names.user(person.owner) })}` : ''}{person.state === 'auto' ? ` · ${t('自动通过')}` : ''}</span></p>
            ))}
          </li>
        ))}
      </ol>
    </div>
  )
}
