/** The formula field: CodeMirror with completion, labels in place of keys, and squiggles from the server's checker. */
import { acceptCompletion, autocompletion, closeBrackets, type Completion, type CompletionContext, type CompletionResult, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, keymap, placeholder as placeholderText, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { tokenise } from '../../lib/tokens'
import { suggest, type Word } from './vocabulary'
import './formula.css'

export interface Squiggle {
  from: number
  to: number
  message: string
}

class Chip extends WidgetType {
  readonly label: string
  readonly path: string
  constructor(label: string, path: string) {
    super()
    this.label = label
    this.path = path
  }
  override eq(other: Chip): boolean {
    return other.label === this.label && other.path === this.path
  }
  override toDOM(): HTMLElement {
    const chip = document.createElement('span')
    chip.className = 'cm-chip'
    chip.textContent = this.label
    chip.title = this.path
    return chip
  }
}

const styles: Record<string, Decoration> = {
  number: Decoration.mark({ class: 'cm-f-number' }),
  text: Decoration.mark({ class: 'cm-f-text' }),
  function: Decoration.mark({ class: 'cm-f-function' }),
}

/** Names show their label until the cursor touches them; numbers, texts and functions get their colour. */
const painted = (view: EditorView, labels: ReadonlyMap<string, string>): DecorationSet => {
  const builder = new RangeSetBuilder<Decoration>()
  const { head } = view.state.selection.main
  for (const token of tokenise(view.state.doc.toString())) {
    const touched = view.hasFocus && head >= token.start && head <= token.end
    const label = token.kind === 'name' ? labels.get(token.text) : undefined
    const mark = styles[token.kind]
    if (label && !touched) builder.add(token.start, token.end, Decoration.replace({ widget: new Chip(label, token.text) }))
    else if (mark) builder.add(token.start, token.end, mark)
  }
  return builder.finish()
}

const painter = (labels: ReadonlyMap<string, string>) =>
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet
      constructor(view: EditorView) {
        this.decorations = painted(view, labels)
      }
      update(update: ViewUpdate): void {
        if (update.docChanged || update.selectionSet || update.focusChanged) this.decorations = painted(update.view, labels)
      }
    },
    { decorations: (plugin) => plugin.decorations },
  )

const asCompletion = (word: Word): Completion => ({ label: word.label, detail: word.detail === word.label ? undefined : word.detail, apply: word.insert, info: word.info, type: word.kind === 'function' ? 'function' : word.kind === 'value' ? 'constant' : 'variable' })

const completions = (words: readonly Word[]) => (context: CompletionContext): CompletionResult | null => {
  const typed = context.matchBefore(/[\p{L}\p{N}_.]+/u)
  if (!typed && !context.explicit) return null
  const options = suggest(words, typed?.text ?? '').map(asCompletion)
  return options.length > 0 ? { from: typed?.from ?? context.pos, options, filter: false } : null
}

interface Props {
  value: string
  onChange: (value: string) => void
  words: readonly Word[]
  squiggles?: readonly Squiggle[]
  label: string
  placeholder?: string
  readOnly?: boolean
}

const NO_SQUIGGLES: readonly Squiggle[] = []

export const FormulaEditor = ({ value, onChange, words, squiggles = NO_SQUIGGLES, label, placeholder = '', readOnly = false }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const vocabulary = useRef(new Compartment())
  const changed = useRef(onChange)
  const initial = useRef(value)
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
          history(),
          closeBrackets(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          placeholderText(placeholder),
          EditorState.readOnly.of(readOnly),
          keymap.of([{ key: 'Tab', run: acceptCompletion }, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          vocabulary.current.of([]),
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
  }, [label, placeholder, readOnly])
  useEffect(() => {
    const labels = new Map(words.filter((word) => word.kind === 'field').map((word) => [word.insert, word.label]))
    view.current?.dispatch({ effects: vocabulary.current.reconfigure([autocompletion({ override: [completions(words)], icons: true, maxRenderedOptions: 60 }), painter(labels)]) })
  }, [words, label, placeholder, readOnly])
  useEffect(() => {
    const editor = view.current
    initial.current = value
    if (editor && editor.state.doc.toString() !== value) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const end = editor.state.doc.length
    const diagnostics: Diagnostic[] = squiggles.map((item) => ({ from: Math.min(item.from, end), to: Math.min(Math.max(item.to, item.from + 1), end), severity: 'error', message: item.message }))
    editor.dispatch(setDiagnostics(editor.state, diagnostics))
  }, [squiggles])
  return <div ref={box} className="formula-editor" />
}
