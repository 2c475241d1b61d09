/** What differs between two definitions, line by line of their readable JSON. */

export interface Line {
  kind: 'same' | 'added' | 'removed'
  text: string
}

const table = (one: string[], other: string[]): number[][] => {
  const longest = Array.from({ length: one.length + 1 }, () => Array.from({ length: other.length + 1 }, () => 0))
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const [row, below] = [longest[i] as number[], longest[i + 1] as number[]]
      row[j] = one[i] === other[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return longest
}

/** The longest common lines stay; the rest is removed or added. */
export const difference = (before: unknown, after: unknown): Line[] => {
  const one = JSON.stringify(before ?? {}, null, 2).split('\n')
  const other = JSON.stringify(after ?? {}, null, 2).split('\n')
  const longest = table(one, other)
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < one.length || j < other.length) {
    if (i < one.length && j < other.length && one[i] === other[j]) {
      lines.push({ kind: 'same', text: one[i] as string })
      i += 1
      j += 1
    } else if (j >= other.length || (i < one.length && (longest[i + 1]?.[j] ?? 0) >= (longest[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: 'removed', text: one[i] as string })
      i += 1
    } else {
      lines.push({ kind: 'added', text: other[j] as string })
      j += 1
    }
  }
  return lines
}

/** Only the changed lines with *around* lines of context. */
export const changed = (lines: Line[], around = 1): Line[] =>
  lines.filter((line, index) => line.kind !== 'same' || lines.slice(Math.max(0, index - around), index + around + 1).some((near) => near.kind !== 'same'))
