/** Undo, redo and save by the keys that everybody knows; inside a text they belong to the text. */
import { useEffect } from 'react'

export const useKeys = (undo: () => void, redo: () => void, save: () => void): void => {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!event.metaKey && !event.ctrlKey) return
      const key = event.key.toLowerCase()
      const inText = event.target instanceof Element && event.target.closest('input, textarea, .cm-editor') !== null
      if (key === 's') save()
      else if (key === 'z' && !inText) (event.shiftKey ? redo : undo)()
      else if (key === 'y' && !inText) redo()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [undo, redo, save])
}
