/** The checked tree that the server sends (engine/expression/browser.py), and what surrounds an evaluation. */

export interface TreeNode {
  k: 'value' | 'field' | 'list' | 'op' | 'each' | 'call' | 'input'
  /** The type: number, text, boolean, date, datetime, duration, list[…], null. */
  t: string
  v?: unknown
  path?: string
  row?: string
  op?: string
  fn?: string
  key?: string
  detail?: string[]
  args?: TreeNode[]
}

export interface Tree {
  version: number
  type: string
  root: TreeNode
}

export interface Surroundings {
  /** The evaluation's instant, ISO 8601 with offset; never the browser's own clock. */
  now?: string
  /** The workspace's time zone, an IANA name. */
  zone?: string
  /** Free and worked days of the working calendar, ISO dates. */
  holidays?: { free: string[]; worked: string[] }
  calendars?: Record<string, Calendar>
  /** Last values of series and look-up calls, by their key. */
  inputs?: Record<string, unknown>
}

export interface Calendar {
  events?: (Phase & { phases?: Phase[] })[]
}

export interface Phase {
  from?: string
  to?: string
}

/**
 * A value while it is computed: dates are days since 1970, instants whole microseconds since 1970 (bigint), durations
 * seconds; the tree knows which number is which.
 */
export type Value = number | bigint | string | boolean | null | Value[]

export type Row = Record<string, unknown>

/** A value that the formula cannot use: of another type, or too large. */
export class InputError extends Error {}

export const MAX_TEXT = 10_000
export const MAX_LIST = 1_000
export const MAX_SPAN = 3_660
