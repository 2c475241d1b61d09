/** A formula of the rule, its value shown on the record that was picked. */
import type { ComponentProps } from 'react'
import { FormulaField as Field } from '../../components/formula/field'
import { useSample } from './sample'

export const FormulaField = (props: Omit<ComponentProps<typeof Field>, 'sample'>) => <Field {...props} sample={useSample(props.over)} />
