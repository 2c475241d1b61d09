/** The condition builder, loaded when somebody draws conditions. */
import { type ComponentProps, lazy, Suspense } from 'react'
import { CardSkeleton } from '../states'
import type { ConditionBuilder as Builder } from './builder'

const Drawn = lazy(() => import('./builder').then((module) => ({ default: module.ConditionBuilder })))

export const ConditionBuilder = (props: ComponentProps<typeof Builder>) => <Suspense fallback={<CardSkeleton lines={2} />}><Drawn {...props} /></Suspense>
