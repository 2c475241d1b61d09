/** A decision sent to the server; a second click of the same decision is harmless. */
import { useMutation } from '@tanstack/react-query'
import { App } from 'antd'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../../api/client'
import type { TodoDetail, Values } from '../../api/types'
import { refreshWork } from '../../components/work'
import { pick } from '../../i18n'

export interface Answer {
  status: string
  message: string
  message_en: string
}

export interface Decision {
  op: string
  comment?: string
  form?: Values
  to?: string
  users?: string[]
  kind?: string
  mode?: string
  resume?: string
}

/** What stays with the same person afterwards, so that the page stays too. */
const STAYS = new Set(['add_sign', 'remove_sign', 'take_back', 'retract'])

export const useDecide = (todo: TodoDetail) => {
  const { message } = App.useApp()
  const navigate = useNavigate()
  const requestId = useRef(crypto.randomUUID?.() ?? String(Date.now()))
  return useMutation({
    meta: { quiet: true },
    mutationFn: (decision: Decision) =>
      decision.op === 'recall'
        ? api.post<Answer>(`/instances/${encodeURIComponent(String(todo.instance))}/recall`)
        : api.post<Answer>(`/todos/${encodeURIComponent(todo.id)}/decide`, { ...decision, request_id: `${requestId.current}-${decision.op}` }),
    onSuccess: (answer, decision) => {
      requestId.current = crypto.randomUUID?.() ?? String(Date.now())
      void message.success(pick(answer, 'message'))
      refreshWork()
      if (!STAYS.has(decision.op)) void navigate('/todos')
    },
  })
}
