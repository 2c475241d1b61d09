/** What a typed or picked value stands for, by the type of its field; the server's readers (form_builder/fields/) for what a browser can give. */
import type { FormField, Json } from '../../api/types'
import { shortNumber, Unreadable, unreadable } from './problem'

const EMPTY_WORDS = new Set(['', '-', '--', '—', '——', 'n/a', '#n/a', 'na', 'null', 'none', 'nan', '无'])
const YES = new Set(['是', '对', '有', '真', 'true', 'yes', 'y', 't', '1', '√', '✓', '✔', 'on', '启用', '开'])
const NO = new Set(['否', '错', '没有', '假', 'false', 'no', 'n', 'f', '0', '×', '✗', 'x', 'off', '停用', '关'])

export const normal = (text: string): string => text.normalize('NFKC').trim()

export const isEmpty = (value: Json | undefined): boolean => value === null || value === undefined || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0)

const saidEmpty = (value: Json): boolean => typeof value === 'string' && EMPTY_WORDS.has(normal(value).toLowerCase())

const repr = (value: Json): string => (typeof value === 'boolean' ? (value ? 'True' : 'False') : typeof value === 'string' ? value : Array.isArray(value) ? `[${value.map((item) => (typeof item === 'string' ? `'${item}'` : repr(item))).join(', ')}]` : String(value))
const short = (value: Json): string => {
  const text = repr(value)
  const signs = [...text]
  return signs.length <= 40 ? text : `${signs.slice(0, 39).join('')}…`
}

const noNumber = (value: Json): Unreadable => unreadable(`“${short(value)}”不是数字`, `“${short(value)}” is not a number`)

const UNITS: Record<string, number> = { 万: 4, 亿: 8, 千: 3, k: 3 }

/** Shift the decimal point of a decimal text, exactly. */
const shifted = (text: string, places: number): number => {
  const [digits = '', power = '0'] = text.toLowerCase().split('e')
  return Number(`${digits}e${Number(power) + places}`)
}

export const rounded = (value: number, decimals: number): number => {
  if (Number.isInteger(value)) return value
  const size = Math.round(shifted(String(Math.abs(value)), decimals))
  const result = shifted(String(size), -decimals)
  return value < 0 ? -result : result
}

const finite = (number: number, value: Json): number => {
  if (!Number.isFinite(number)) throw noNumber(value)
  if (Number.isInteger(number) && Math.abs(number) > 2 ** 53) throw unreadable(`数字“${short(value)}”太大,精度会丢失`, `“${short(value)}” is too large to be exact`)
  return number
}

export const toNumber = (value: Json): number => {
  if (typeof value === 'number') return finite(value, value)
  if (typeof value !== 'string') throw noNumber(value)
  let text = normal(value).toLowerCase().replaceAll(' ', '').replaceAll('_', '').replace(/^'+/, '')
  const negative = text.startsWith('(') && text.endsWith(')')
  text = text.replace(/^[()]+|[()]+$/g, '').replace(/^[¥$€£]+|[¥$€£]+$/g, '').replace(/元$/, '').replaceAll('−', '-')
  const places = UNITS[text.slice(-1)]
  if (places !== undefined) text = text.slice(0, -1)
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?(e[+-]?\d{1,3})?$/.exec(text)
  if (!match || !(match[2] || match[3])) throw noNumber(value)
  const number = finite(shifted(text.replaceAll(',', ''), places ?? 0), value)
  return negative ? -number : number
}

const toText = (value: Json): string => {
  if (typeof value === 'string') return value.trim().replace(/^\ufeff/, '')
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'number') return String(value)
  throw unreadable(`“${short(value)}”不是文本`, `“${short(value)}” is not text`)
}

const checkLength = (text: string, field: FormField, longest: number): string => {
  const [low, high, size] = [field.min_length ?? 0, field.max_length ?? longest, [...text].length]
  if (size < low) throw unreadable(`至少 ${low} 个字,现有 ${size} 个`, `at least ${low} characters, found ${size}`)
  if (size > high) throw unreadable(`最多 ${high} 个字,现有 ${size} 个`, `at most ${high} characters, found ${size}`)
  return text
}

/** A pattern that this browser cannot read is left to the server. */
const checkPattern = (text: string, field: FormField): string => {
  if (!field.pattern) return text
  let pattern: RegExp
  try {
    pattern = new RegExp(`^(?:${field.pattern})$`, 'u')
  } catch {
    return text
  }
  if (!pattern.test(text)) throw unreadable(field.pattern_message || `“${text}”不符合格式 ${field.pattern}`, `“${text}” does not match ${field.pattern}`)
  return text
}

const checkRange = (number: number, field: FormField): number => {
  if (field.min !== undefined && number < field.min) throw unreadable(`不能小于 ${shortNumber(field.min)},现为 ${shortNumber(number)}`, `must not be less than ${shortNumber(field.min)}, found ${shortNumber(number)}`)
  if (field.max !== undefined && number > field.max) throw unreadable(`不能大于 ${shortNumber(field.max)},现为 ${shortNumber(number)}`, `must not be greater than ${shortNumber(field.max)}, found ${shortNumber(number)}`)
  return number
}

const toList = (value: Json): Json[] => {
  if (Array.isArray(value)) return value.filter((part) => !isEmpty(part))
  if (typeof value === 'string') return value.split(/[,，、;；|\n]/).map((part) => part.trim()).filter(Boolean)
  return [value]
}

const readOption = (word: string, field: FormField): string => {
  const wanted = word.trim().toLowerCase()
  for (const option of field.options ?? []) {
    const data = typeof option === 'string' ? { value: option } : option
    if ([data.value, data.label, data.label_en].some((text) => text && text.trim().toLowerCase() === wanted)) return data.value
  }
  if (field.allow_new) return word.trim()
  throw unreadable(`没有选项“${word}”`, `there is no option “${word}”`)
}

const readNumber = (value: Json, field: FormField): Json => {
  let number = toNumber(value)
  if (field.decimals === 0 && !Number.isInteger(number)) throw unreadable(`应为整数,现为 ${shortNumber(number)}`, `should be a whole number, found ${shortNumber(number)}`)
  if (field.decimals !== undefined) number = rounded(number, field.decimals)
  return checkRange(number, field)
}

const readPercent = (value: Json, field: FormField): Json => {
  const text = typeof value === 'string' ? normal(value) : ''
  return checkRange(text.endsWith('%') ? shifted(String(toNumber(text.slice(0, -1))), -2) : toNumber(value), field)
}

const PART = /([+-]?[0-9.,]+)\s*([^\s0-9.,+-]+)/g

const counted = (text: string, field: FormField): number => {
  const parts = [...text.matchAll(PART)]
  const sizes = new Map([[field.unit ?? '件', 1], ...(field.packs ?? []).map((pack): [string, number] => [pack.unit, pack.size])])
  const whole = parts.map((part) => `${part[1]}${part[2]}`).join('') === text.replace(/\s+/g, '')
  if (parts.length === 0 || !whole || parts.some((part) => !sizes.has(part[2] ?? ''))) return toNumber(text)
  return rounded(parts.reduce((sum, part) => sum + toNumber(part[1] ?? '') * (sizes.get(part[2] ?? '') ?? 1), 0), 9)
}

const readQuantity = (value: Json, field: FormField): Json => {
  const number = typeof value === 'string' ? counted(normal(value), field) : toNumber(value)
  const decimals = field.decimals ?? 0
  if (rounded(number, decimals) !== number || (decimals === 0 && !Number.isInteger(number))) throw unreadable(`最多 ${decimals} 位小数,现为 ${shortNumber(number)}`, `at most ${decimals} decimals, found ${shortNumber(number)}`)
  checkRange(number, field)
  const pack = field.packs?.find((one) => one.unit === field.whole_packs)
  if (pack && number % pack.size !== 0) throw unreadable(`应为整${pack.unit}(每${pack.unit} ${shortNumber(pack.size)}),现为 ${shortNumber(number)}`, `whole ${pack.unit} of ${shortNumber(pack.size)} are due, found ${shortNumber(number)}`)
  return number
}

const readRating = (value: Json, field: FormField): Json => {
  const stars = field.stars ?? 5
  const written = typeof value === 'string' ? value.trim() : ''
  const number = written && [...written].every((sign) => sign === '★' || sign === '☆') ? [...written].filter((sign) => sign === '★').length : toNumber(value)
  if (!Number.isInteger(number) || number < 0 || number > stars) throw unreadable(`应为 0 到 ${stars} 的整数`, `should be a whole number from 0 to ${stars}`)
  return number
}

const readBoolean = (value: Json): Json => {
  if (typeof value === 'boolean') return value
  if (value === 0 || value === 1) return value === 1
  const word = typeof value === 'string' ? normal(value).toLowerCase() : null
  if (word !== null && YES.has(word)) return true
  if (word !== null && NO.has(word)) return false
  throw unreadable(`“${short(value)}”不是“是”或“否”`, `“${short(value)}” is neither yes nor no`)
}

const readChoices = (value: Json, field: FormField): Json => {
  const chosen = [...new Set(toList(value).map((part) => readOption(toText(part), field)))]
  if (field.max_count !== undefined && chosen.length > field.max_count) throw unreadable(`最多选 ${field.max_count} 项`, `at most ${field.max_count} options`)
  return chosen
}

const noDate = (value: Json): Unreadable => unreadable(`“${short(value)}”不是日期`, `“${short(value)}” is not a date`)

const readDate = (value: Json, field: FormField & { earliest?: string; latest?: string }): Json => {
  const match = typeof value === 'string' ? /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?$/.exec(normal(value)) ?? /^((?:19|20|21)\d{2})(\d{2})(\d{2})$/.exec(normal(value)) : null
  const [year, month, day] = (match ?? []).slice(1).map(Number)
  const found = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0))
  if (!match || found.getUTCMonth() !== (month ?? 0) - 1 || found.getUTCDate() !== day) throw noDate(value)
  const text = found.toISOString().slice(0, 10)
  if (field.earliest !== undefined && text < field.earliest) throw unreadable(`不能早于 ${field.earliest}`, `must not be before ${field.earliest}`)
  if (field.latest !== undefined && text > field.latest) throw unreadable(`不能晚于 ${field.latest}`, `must not be after ${field.latest}`)
  return text
}

const readEmail = (value: Json): Json => {
  const text = normal(toText(value))
  if (!/^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>.,;]{1,63}(\.[^\s@<>.,;]{1,63})+$/.test(text) || text.length > 254) throw unreadable(`“${text}”不是邮箱地址`, `“${text}” is not an e-mail address`)
  const at = text.lastIndexOf('@')
  return text.slice(0, at) + text.slice(at).toLowerCase()
}

const readPhone = (value: Json, field: FormField & { mobile_only?: boolean }): Json => {
  const text = normal(toText(value)).replace(/[\s()]/g, '')
  const mobile = text.replace(/^(\+?86|0086)-?(?=1)/, '').replaceAll('-', '')
  if (/^1[3-9][0-9]{9}$/.test(mobile)) return mobile
  if (!field.mobile_only && /^(0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4})$/.test(text)) return text
  if (!field.mobile_only && /^\+[0-9]{6,15}$/.test(text.replaceAll('-', ''))) return text.replaceAll('-', '')
  throw unreadable(`“${text}”不是电话号码`, `“${text}” is not a telephone number`)
}

const LENGTHS: Record<string, number> = { ean13: 13, ean8: 8, upc: 12 }

/** The GS1 check digit that follows the digits: weights 3, 1, 3, 1, … from the right. */
export const checkDigit = (digits: string): string => String((10 - ([...digits].reduceRight((sum, digit, place) => sum + Number(digit) * ((digits.length - 1 - place) % 2 === 0 ? 3 : 1), 0) % 10)) % 10)

const readBarcode = (value: Json, field: FormField): Json => {
  const code = normal(toText(value)).replaceAll(' ', '')
  const length = LENGTHS[field.symbology ?? 'any']
  if (length === undefined) {
    if (!/^[\x21-\x7e]{1,80}$/.test(code)) throw unreadable(`“${code.slice(0, 40)}”不是条码`, `“${code.slice(0, 40)}” is not a barcode`)
    return code
  }
  if (!new RegExp(`^[0-9]{${length}}$`).test(code)) throw unreadable(`条码应为 ${length} 位数字,现为“${code}”`, `${length} digits are due, found “${code}”`)
  if (checkDigit(code.slice(0, -1)) !== code.slice(-1)) throw unreadable(`条码“${code}”的校验位不对`, `the check digit of “${code}” is wrong`)
  return code
}

const FORMULA_NUMBERS = new Set(['number', 'money', undefined])

const readFormula = (value: Json, field: FormField): Json => {
  if (!FORMULA_NUMBERS.has(field.result) || typeof value !== 'number') return value
  const decimals = field.decimals ?? (field.result === 'money' ? 4 : undefined)
  return decimals === undefined ? finite(value, value) : rounded(value, decimals)
}

type Reader = (value: Json, field: FormField) => Json

const orNothing = (read: Reader): Reader => (value, field) => (saidEmpty(value) ? null : read(value, field))

/** Types that are not here are read by the server alone: links, people, files, addresses, JSON. */
const READERS: Record<string, Reader> = {
  text: (value, field) => checkPattern(checkLength(toText(value).split('\n').join(' '), field, 500), field),
  long_text: (value, field) => checkLength(toText(value).replaceAll('\r\n', '\n').replaceAll('\r', '\n'), field, 10_000),
  number: orNothing(readNumber),
  money: orNothing((value, field) => checkRange(rounded(toNumber(value), 4), field)),
  percent: orNothing(readPercent),
  quantity: orNothing(readQuantity),
  rating: orNothing(readRating),
  boolean: readBoolean,
  choice: (value, field) => readOption(toText(value), field),
  multi_choice: readChoices,
  date: orNothing(readDate),
  email: readEmail,
  phone: readPhone,
  barcode: readBarcode,
  formula: readFormula,
}

/** The value as the record will hold it, or an Unreadable with what is wrong. */
export const readValue = (value: Json, field: FormField): Json => READERS[field.type]?.(value, field) ?? (READERS[field.type] ? null : value)
