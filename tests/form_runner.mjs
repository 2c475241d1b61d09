// Fills in forms as the browser does: a line {form, logic, existing, given, around} in, a line {sent, stored, problems} out.
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

// The front end's bundler finds './tree' and '../expression'; Node wants './tree.ts' and '../expression/index.ts'.
const named = (specifier, parent) => (existsSync(new URL(`${specifier}.ts`, parent)) ? `${specifier}.ts` : `${specifier}/index.ts`)

registerHooks({
  resolve: (specifier, context, next) => next(specifier.startsWith('.') && !specifier.endsWith('.ts') ? named(specifier, context.parentURL) : specifier, context),
})

const { LiveForm } = await import(pathToFileURL(process.argv[2]).href)

const fill = ({ form, logic, existing, given, around }) => {
  const live = new LiveForm(form, logic, { existing, around })
  for (const [key, value] of Object.entries(given)) live.set(key, value)
  return { sent: live.changes(), stored: live.stored(), problems: live.problems(), hidden: [...live.states.hidden] }
}

/** The median milliseconds of changing one cell of a sub-form, and how many expressions one change computes. */
const measure = ({ form, logic, rows, sub, column, repeat }) => {
  const live = new LiveForm(form, logic)
  live.addRows(sub, rows)
  const times = []
  const before = live.evaluations
  for (let turn = 0; turn < repeat; turn += 1) {
    const start = performance.now()
    live.setCell(sub, (turn * 37) % rows.length, column, 1000 + turn)
    times.push(performance.now() - start)
  }
  times.sort((one, other) => one - other)
  return { median: times[Math.floor(times.length / 2)], worst: times.at(-1), evaluations: (live.evaluations - before) / repeat, values: live.values }
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line)
  process.stdout.write(`${JSON.stringify(task.rows ? measure(task) : fill(task))}\n`)
}
