/** What may be named in a workflow's expressions: the form's fields, earlier outcomes and results, functions. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../../components/formula/use-check'
import type { Word } from '../../../components/formula/vocabulary'
import type { Flow } from '../../../lib/flow/model'

const ANSWERS = new Set(['create_record', 'update_record', 'delete_record', 'query_records', 'webhook', 'replenish'])

export const useFlowWords = (flow: Flow): Word[] => {
  const { t } = useTranslation()
  const words = useWords(flow.form ?? '', undefined)
  return useMemo(() => {
    const steps = Object.entries(flow.nodes).flatMap(([id, node]): Word[] => {
      const name = node.name ?? id
      if (node.type === 'approval') return [{ insert: `outcome.${id}`, label: t('{{name}}的结论', { name }), detail: `outcome.${id}`, kind: 'field' }]
      return ANSWERS.has(node.type) ? [{ insert: `result.${id}`, label: t('{{name}}的结果', { name }), detail: `result.${id}`, kind: 'field' }] : []
    })
    return [...steps, ...words]
  }, [flow.nodes, words, t])
}
