/** What a first visit loads, gzipped, over the built app's manifest. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

interface Chunk {
  file: string
  src?: string
  imports?: string[]
  css?: string[]
}

const BUILT = join(import.meta.dirname, '..', '..', 'web', 'static', 'app')
const MANIFEST = join(BUILT, '.vite', 'manifest.json')

if (!existsSync(MANIFEST)) throw new Error('the app is not built: npm run build')

const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, Chunk>

const closure = (name: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const inner of manifest[name]?.imports ?? []) closure(inner, seen)
  return seen
}

const weigh = (names: string[]): number => {
  const chunks = new Set(names.flatMap((name) => [...closure(name)]))
  const files = new Set([...chunks].flatMap((name) => [manifest[name]?.file ?? '', ...(manifest[name]?.css ?? [])]).filter(Boolean))
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILT, file))).length, 0) / 1000
}

const pages = Object.keys(manifest).filter((name) => /^src\/features\/.*\.tsx$/.test(name))


describe('first loads (kB gzipped)', () => {
  it('keeps the shell under 280', () => {
    expect(weigh(['index.html'])).toBeLessThan(280)
  })

  it.each(pages)('keeps %s under 640', (page) => {
    expect(weigh(['index.html', page])).toBeLessThan(640)
  })

  it('keeps the decision page under 320 before its curve', () => {
    expect(weigh(['index.html', 'src/features/inbox/todo.tsx'])).toBeLessThan(320)
  })
})
