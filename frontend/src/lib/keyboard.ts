/** The keys as the reader's keyboard names them. */
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

export const COMMAND = isMac ? '⌘' : 'Ctrl+'
export const SHIFT = isMac ? '⇧' : 'Shift+'
