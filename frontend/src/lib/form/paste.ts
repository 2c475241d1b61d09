/** What a spreadsheet puts on the clipboard, as rows of cells: tabs between cells, quotes around cells that hold line ends. */
export const pastedCells = (text: string): string[][] => {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const endCell = (): void => {
    rows.at(-1)?.push(cell)
    cell = ''
  }
  const clean = text.replaceAll('\r\n', '\n').replace(/\n$/, '')
  for (let at = 0; at < clean.length; at += 1) {
    const sign = clean[at] ?? ''
    if (quoted) {
      if (sign === '"' && clean[at + 1] === '"') {
        cell += '"'
        at += 1
      } else if (sign === '"') quoted = false
      else cell += sign
    } else if (sign === '"' && cell === '') quoted = true
    else if (sign === '\t') endCell()
    else if (sign === '\n') {
      endCell()
      rows.push([])
    } else cell += sign
  }
  endCell()
  return rows
}
