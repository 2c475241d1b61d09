/** The hint above a call while it is typed: what it expects, the present argument marked, what it does. */
import { type EditorState, type Extension, StateEffect, StateField } from '@codemirror/state'
import { EditorView, keymap, showTooltip, type Tooltip } from '@codemirror/view'
import type { FunctionDoc } from '../../api/types'
import { callAt, type Hint, hintOf } from '../../lib/expression/signature'

const drawn = (hint: Hint): HTMLElement => {
  const box = document.createElement('div')
  box.className = 'cm-signature'
  const line = document.createElement('div')
  line.append(`${hint.name}(`)
  hint.parameters.forEach((parameter, index) => {
    if (index > 0) line.append(', ')
    const part = document.createElement(parameter.current ? 'b' : 'span')
    part.textContent = parameter.text
    line.append(part)
  })
  line.append(')')
  const text = document.createElement('div')
  text.className = 'cm-signature-doc'
  text.textContent = hint.doc
  box.append(line, text)
  return box
}

const tooltipOf = (state: EditorState, functions: readonly FunctionDoc[], spoken: 'zh' | 'en'): Tooltip | null => {
  const { main } = state.selection
  const call = main.empty ? callAt(state.doc.toString(), main.head) : null
  const hint = call && hintOf(call, functions, spoken)
  if (!call || !hint) return null
  return { pos: call.start, above: true, create: () => ({ dom: drawn(hint) }) }
}

const hide = StateEffect.define<null>()

/** Shown from the first key or click on; a formula that is only looked at stays quiet, Escape and leaving it end the hint. */
export const signatureHelp = (functions: readonly FunctionDoc[], spoken: 'zh' | 'en'): Extension[] => {
  const field = StateField.define<Tooltip | null>({
    create: () => null,
    update: (value, transaction) => {
      if (transaction.effects.some((effect) => effect.is(hide))) return null
      return transaction.docChanged || transaction.selection ? tooltipOf(transaction.state, functions, spoken) : value
    },
    provide: (state) => showTooltip.from(state),
  })
  const close = (view: EditorView): boolean => {
    if (!view.dom.isConnected || !view.state.field(field, false)) return false
    view.dispatch({ effects: hide.of(null) })
    return true
  }
  return [
    field,
    keymap.of([{ key: 'Escape', run: close }]),
    EditorView.domEventHandlers({ blur: (_event, view) => void setTimeout(() => close(view)) }),
  ]
}
