// Evaluates formulas with the browser's interpreter: a line of JSON {tree, records, around} in, a line of JSON results out.
import { registerHooks } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

// The front end's bundler finds './tree'; Node wants './tree.ts'.
registerHooks({
  resolve: (specifier, context, next) => next(specifier.startsWith('./') && !specifier.endsWith('.ts') ? `${specifier}.ts` : specifier, context),
})

const { evaluate } = await import(pathToFileURL(process.argv[2]).href)

const one = (tree, record, around) => {
  try {
    return { value: evaluate(tree, record, around) }
  } catch (error) {
    return { error: String(error.message ?? error) }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { trees, records, around } = JSON.parse(line)
  process.stdout.write(`${JSON.stringify(trees.map((tree) => records.map((record) => one(tree, record, around))))}\n`)
}
