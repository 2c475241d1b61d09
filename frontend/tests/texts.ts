/** Every Chinese text of the sources, by folder: what the English tables must hold. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const SOURCE = join(import.meta.dirname, '..', 'src')

/** Files that carry both languages themselves: pairs, words for dates and signs. */
const BILINGUAL = ['api/client.ts', 'features/imports/mapping.ts', 'lib/dates.ts', 'lib/let-names.ts', 'lib/tokens.ts', 'lib/wording.ts', 'features/rules/lib/schedule.ts', 'features/rules/lib/templates.ts', 'features/workflows/lib/templates.ts', 'app/account.tsx#切换到中文', 'lib/expression/', 'lib/form/']

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : /(?<!\.test)\.tsx?$/.test(name) ? [path] : []
  })

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')

const LITERAL = /'((?:[^'\\\n]|\\.)*[\u4e00-\u9fff](?:[^'\\\n]|\\.)*)'/g

export interface Found {
  text: string
  file: string
}

export const chineseTexts = (): Found[] =>
  files(SOURCE).flatMap((path) => {
    const file = relative(SOURCE, path)
    if (BILINGUAL.some((skipped) => file.startsWith(skipped))) return []
    const skipped = new Set(BILINGUAL.filter((entry) => entry.startsWith(`${file}#`)).map((entry) => entry.split('#')[1]))
    return [...withoutComments(readFileSync(path, 'utf8')).matchAll(LITERAL)].map((match) => ({ text: (match[1] ?? '').replaceAll("\\'", "'"), file })).filter((found) => !skipped.has(found.text))
  })

export const englishTables = (): Record<string, string> => {
  const tables = [join(SOURCE, 'i18n', 'en.json'), ...readdirSync(join(SOURCE, 'features')).map((name) => join(SOURCE, 'features', name, 'en.json'))]
  return Object.assign({}, ...tables.filter((path) => statSync(path, { throwIfNoEntry: false })).map((path) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>)) as Record<string, string>
}
