/** The field that a problem's path speaks of: `$.values.code`, `$.code`, `$.lines[0].sku` → code, code, lines. */
export const fieldOfPath = (path: string): string => /^\$?\.?(?:values\.)?([a-z][a-z0-9_]*)/.exec(path)?.[1] ?? ''
