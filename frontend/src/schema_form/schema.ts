/** What a JSON Schema asks for, flattened into fields a form can draw. */
import { pick } from '../i18n'

export interface Schema {
  type?: string | string[]
  title?: string
  title_en?: string
  description?: string
  description_en?: string
  properties?: Record<string, Schema>
  required?: string[]
  enum?: (string | number)[]
  'x-enum-titles'?: string[]
  items?: Schema
  format?: string
  secret?: boolean
  writeOnly?: boolean
  default?: unknown
  minimum?: number
  maximum?: number
  maxLength?: number
}

export type Kind = 'text' | 'long' | 'number' | 'boolean' | 'choice' | 'list' | 'secret'

export interface Property {
  path: string[]
  label: string
  kind: Kind
  required: boolean
  schema: Schema
}

const typeOf = (schema: Schema): string => (Array.isArray(schema.type) ? (schema.type.find((type) => type !== 'null') ?? 'string') : (schema.type ?? 'string'))

export const kindOf = (schema: Schema): Kind => {
  if (schema.enum) return 'choice'
  if (schema.secret === true || schema.writeOnly === true || schema.format === 'password') return 'secret'
  const type = typeOf(schema)
  if (type === 'boolean') return 'boolean'
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'array') return 'list'
  return (schema.maxLength ?? 0) > 500 ? 'long' : 'text'
}

export const propertiesOf = (schema: Schema, path: string[] = []): Property[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const here = [...path, name]
    // a free map has no fields to draw: its default stands, the API can set it
    if (typeOf(inner) === 'object') return propertiesOf(inner, here)
    return [{ path: here, label: pick(inner, 'title') || name, kind: kindOf(inner), required: schema.required?.includes(name) ?? false, schema: inner }]
  })

/** Leave out what is empty, so that the server's defaults and kept secrets stand. */
export const filledIn = (values: Record<string, unknown> | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '').map(([key, value]) => [key, value && typeof value === 'object' && !Array.isArray(value) ? filledIn(value as Record<string, unknown>) : value]))
