/** What the API says of channels. */
import type { Problem } from '../../api/types'

export interface Breaker {
  state: 'open' | 'half_open' | 'closed'
  failures: number
  until: number | null
}

export interface Channel {
  key: string
  type: string
  name: string
  enabled: boolean
  settings: Record<string, unknown>
  secrets_set?: string[]
  problems?: Problem[]
  hook_url?: string | null
  breaker?: Breaker | null
}

