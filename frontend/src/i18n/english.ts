/** All English tables in one chunk: the shared one and one of each feature. */
import shared from './en.json'

type Table = Record<string, string>
const features = import.meta.glob<Table>('../features/*/en.json', { eager: true, import: 'default' })

export const english: Table = Object.assign({}, shared, ...Object.values(features))
