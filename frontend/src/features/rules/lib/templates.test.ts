import { describe, expect, it } from 'vitest'
import { defaults, fill, pieces, read, recognise, start, TEMPLATES } from './templates'

describe('templates', () => {
  it.each(TEMPLATES.map((template) => [template.id, template] as const))('%s: what is filled in is read back', (_id, template) => {
    const values = Object.fromEntries(Object.keys(template.blanks).map((name, index) => [name, index + 2.5]))
    const definition = { ...start(template, 'k', 'n'), ...fill(template, values) }
    expect(read(template, definition)).toEqual(values)
    expect(recognise(definition)?.template.id).toBe(template.id)
  })

  it.each(TEMPLATES.map((template) => [template.id, template] as const))('%s: both sentences show every blank', (_id, template) => {
    const blanks = Object.keys(template.blanks).sort()
    for (const text of [template.text, template.text_en]) {
      expect([...new Set(pieces(text).filter((piece) => piece.blank).map((piece) => piece.text))].sort()).toEqual(blanks)
    }
  })

  it('does not recognise a rule whose condition was rewritten', () => {
    const [template] = TEMPLATES
    if (!template) throw new Error('no template')
    const definition = start(template, 'k', 'n')
    definition.levels = [{ level: 'critical', when: '可用库存 < 日均销量' }]
    expect(recognise(definition)).toBeNull()
    expect(defaults(template)).toEqual({ window: 7, factor: 1.2 })
  })

  it('keeps the sentence when only the level or the white space changes', () => {
    const [template] = TEMPLATES
    if (!template) throw new Error('no template')
    const definition = start(template, 'k', 'n')
    definition.levels = definition.levels.map((level) => ({ level: 'warning', when: level.when.replace(/ \* /g, '  *\n') }))
    expect(recognise(definition)?.values).toEqual({ window: 7, factor: 1.2 })
  })
})
