/** A JSON document as text, to be edited; what cannot be read is underlined and not taken over. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, linter } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'

/** Where JSON.parse stumbled, out of its message; the end where it does not say. */
const placeOf = (message: string, text: string): number => {
  const at = /position (\d+)/.exec(message)?.[1]
  return Math.min(at ? Number(at) : text.length, text.length)
}

const problems = (view: EditorView): Diagnostic[] => {
  const text = view.state.doc.toString()
  try {
    JSON.parse(text)
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const from = placeOf(message, text)
    return [{ from: Math.max(0, from - 1), to: Math.min(text.length, from + 1), severity: 'error', message }]
  }
}

interface Props {
  value: string
  onChange: (text: string) => void
  label: string
  readOnly?: boolean
}

const JsonEditor = ({ value, onChange, label, readOnly = false }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const initial = useRef(value)
  const changed = useRef(onChange)
  useEffect(() => {
    changed.current = onChange
  }, [onChange])
  useEffect(() => {
    if (!box.current) return undefined
    const editor = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          lineNumbers(),
          history(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorState.readOnly.of(readOnly),
          keymap.of([...historyKeymap, ...defaultKeymap]),
          linter(problems, { delay: 300 }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [label, readOnly])
  useEffect(() => {
    const editor = view.current
    initial.current = value
    if (editor && editor.state.doc.toString() !== value) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])
  return <div ref={box} className="json-editor" />
}

export default JsonEditor
