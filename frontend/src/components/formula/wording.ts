/** The wording of expressions over a form, from its fields and the catalog's functions. */
import { useMemo } from 'react'
import type { ExpressionField, FunctionDoc } from '../../api/types'
import { language } from '../../i18n'
import { type Wording, wordingOf } from '../../lib/wording'
import { useCatalog, useFields } from './use-check'

export type { Wording }

const NO_FIELDS: readonly ExpressionField[] = []
const NO_FUNCTIONS: readonly FunctionDoc[] = []

export const useWording = (over: string): Wording => {
  const fields = useFields(over)
  const catalog = useCatalog()
  const spoken = language()
  return useMemo(() => wordingOf(fields.data ?? NO_FIELDS, catalog.data?.functions ?? NO_FUNCTIONS, spoken), [fields.data, catalog.data, spoken])
}
