/** A key nobody has yet: letters of what it comes from, and the moment in base 36. */
export const freshKey = (stem: string, moment = Date.now()): string => {
  const letters = stem.toLowerCase().replace(/[^a-z0-9_]+/g, '_').replace(/^[^a-z]+/, '').slice(0, 40)
  return `${letters || 'rule'}_${moment.toString(36).slice(-6)}`
}
