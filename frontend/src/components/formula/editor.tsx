/** The formula field: CodeMirror with completion, labels in place of keys, and squiggles from the server's checker. */
import { acceptCompletion, autocompletion, closeBrackets, type Completion, type CompletionContext, type CompletionResult, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder as placeholderText } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FunctionDoc } from '../../api/types'
import { language } from '../../i18n'
import { labelsOf, painter } from './chips'
import { signatureHelp } from './signature-help'
import { suggest, type Word } from './vocabulary'
import './formula.css'

export interface Squiggle {
  from: number
  to: number
  message: string
  /** The text that mends it. */
  fix?: string
}

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

const functionsOf = (words: readonly Word[]): FunctionDoc[] => words.flatMap((word) => (word.doc ? [word.doc] : []))

export const FormulaEditor = ({ value, onChange, words, squiggles = NO_SQUIGGLES, label, placeholder = '', readOnly = false }: Props) => {
  const { t } = useTranslation()
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
    const parts = [autocompletion({ override: [completions(words)], icons: true, maxRenderedOptions: 60, interactionDelay: 0 }), painter(labelsOf(words)), ...signatureHelp(functionsOf(words), language())]
    view.current?.dispatch({ effects: vocabulary.current.reconfigure(parts) })
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
    const diagnostics: Diagnostic[] = squiggles.map((item) => {
      const { fix } = item
      const place = { from: Math.min(item.from, end), to: Math.min(Math.max(item.to, item.from + 1), end) }
      const actions = fix ? [{ name: t('改成“{{text}}”', { text: fix }), apply: (on: EditorView, from: number, to: number) => on.dispatch({ changes: { from, to, insert: fix } }) }] : undefined
      return { ...place, severity: 'error', message: item.message, actions }
    })
    editor.dispatch(setDiagnostics(editor.state, diagnostics))
  }, [squiggles, t])
  return <div ref={box} className="formula-editor" />
}
