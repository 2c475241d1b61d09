/** The name of a channel's plug-in in the catalog. */
import type { ChannelType } from '../api/types'

export const typeOf = (type: ChannelType): string => type.type ?? type.key ?? type.name ?? ''
