/** Semantic versions: whether one comes after another (numbers only; a pre-release is never offered as an upgrade). */
const numbers = (version: string): number[] => version.split('-')[0]!.split('.').map(Number)

export const newer = (one: string, other: string): boolean => {
  const [first, second] = [numbers(one), numbers(other)]
  for (let place = 0; place < 3; place += 1) {
    const gap = (first[place] ?? 0) - (second[place] ?? 0)
    if (gap !== 0) return gap > 0
  }
  return !one.includes('-') && other.includes('-')
}
