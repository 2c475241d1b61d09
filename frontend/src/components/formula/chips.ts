/** Names and functions show what people call them until the cursor touches them; numbers and texts get their colour. */
import { RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view'
import { tokenise } from '../../lib/tokens'
import type { Word } from './vocabulary'

class Chip extends WidgetType {
  readonly label: string
  readonly path: string
  readonly kind: string
  constructor(label: string, path: string, kind: string) {
    super()
    this.label = label
    this.path = path
    this.kind = kind
  }
  override eq(other: Chip): boolean {
    return other.label === this.label && other.path === this.path
  }
  override toDOM(): HTMLElement {
    const chip = document.createElement('span')
    chip.className = this.kind
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

export interface Labels {
  fields: ReadonlyMap<string, string>
  functions: ReadonlyMap<string, string>
}

/** What stands for a path or function in the interface's language. */
export const labelsOf = (words: readonly Word[]): Labels => ({
  fields: new Map(words.filter((word) => word.kind === 'field').map((word) => [word.insert, word.label])),
  functions: new Map(words.filter((word) => word.kind === 'function').map((word) => [word.insert.replace('(', '').toLowerCase(), word.label])),
})

const painted = (view: EditorView, labels: Labels): DecorationSet => {
  const builder = new RangeSetBuilder<Decoration>()
  const { head } = view.state.selection.main
  for (const token of tokenise(view.state.doc.toString())) {
    const touched = view.hasFocus && head >= token.start && head <= token.end
    const field = token.kind === 'name' ? labels.fields.get(token.text) : undefined
    const alias = token.kind === 'function' ? labels.functions.get(token.text.toLowerCase()) : undefined
    const mark = styles[token.kind]
    if (field && !touched) builder.add(token.start, token.end, Decoration.replace({ widget: new Chip(field, token.text, 'cm-chip') }))
    else if (alias && alias !== token.text && !touched) builder.add(token.start, token.end, Decoration.replace({ widget: new Chip(alias, token.text, 'cm-f-function') }))
    else if (mark) builder.add(token.start, token.end, mark)
  }
  return builder.finish()
}

export const painter = (labels: Labels) =>
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
