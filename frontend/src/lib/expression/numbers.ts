/** Arithmetic of doubles as the server computes it: by zero and beyond finite is null, remainders have the divisor's sign. */

const WHOLE = 2 ** 52

export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

export const divide = (a: number, b: number): number | null => (b === 0 ? null : finite(a / b))

export const modulo = (a: number, b: number): number | null => {
  if (b === 0) return null
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

/** The quotient rounded down, by the algorithm of Python's `//` of floats. */
export const floorDivide = (a: number, b: number): number | null => {
  if (b === 0) return null
  let rest = a % b
  let quotient = (a - rest) / b
  if (rest !== 0 && rest < 0 !== b < 0) {
    rest += b
    quotient -= 1
  }
  const floor = Math.floor(quotient)
  return finite(quotient - floor > 0.5 ? floor + 1 : floor)
}

export const power = (base: number, exponent: number): number | null => {
  if (exponent < 0) {
    const below = power(base, -exponent)
    return below === null ? null : divide(1, below)
  }
  const whole = Math.floor(exponent)
  if (exponent !== whole) {
    if (base < 0) return null
    return exponent === 0.5 ? Math.sqrt(base) : finite(base ** exponent)
  }
  let result = 1
  for (let index = 0; index < whole; index += 1) result *= base
  return finite(result)
}

const scale = (digits: number): [number, number] => (digits >= 0 ? [Number(`1e${digits}`), 1] : [1, Number(`1e${-digits}`)])

const clampDigits = (digits: number): number => Math.max(-15, Math.min(15, digits))

const signed = (size: number, value: number): number => (value < 0 ? -size : size)

/** Round half away from zero on the decimal value (engine/expression/rounding.py). */
export const halfAway = (value: number, places: number): number => {
  const [times, over] = scale(clampDigits(places))
  const size = Math.abs(value)
  const units = (size * times) / over
  if (units >= WHOLE) return value
  let low = Math.floor(units)
  if (size >= ((low + 0.5) * over) / times) low += 1
  return signed((low * over) / times, value)
}

const wholeUnits = (size: number, units: number, times: number, over: number): number => {
  const low = Math.floor(units)
  if ((low * over) / times > size) return low - 1
  return ((low + 1) * over) / times <= size ? low + 1 : low
}

export const towardZero = (value: number, places: number): number => {
  const [times, over] = scale(clampDigits(places))
  const size = Math.abs(value)
  const units = (size * times) / over
  if (units >= WHOLE) return value
  return signed((wholeUnits(size, units, times, over) * over) / times, value)
}

export const awayFromZero = (value: number, places: number): number => {
  const [times, over] = scale(clampDigits(places))
  const size = Math.abs(value)
  const units = (size * times) / over
  if (units >= WHOLE) return value
  let low = wholeUnits(size, units, times, over)
  if ((low * over) / times < size) low += 1
  return signed((low * over) / times, value)
}

export const multiple = (value: number, step: number, up: boolean): number | null => {
  const size = Math.abs(step)
  if (size === 0) return null
  const quotient = value / size
  if (!Number.isFinite(quotient)) return null
  const nearest = Math.floor(quotient + 0.5)
  const near = Math.abs(quotient - nearest) <= Math.abs(quotient) * 4.5e-16
  const count = near ? nearest : up ? Math.ceil(quotient) : Math.floor(quotient)
  const parts = Math.floor(1 / size + 0.5)
  if (size < 1 && 1 / size < WHOLE && Math.abs(1 / size - parts) <= parts * 4.5e-16) return finite(count / parts)
  return finite(count * size)
}

/** The shortest decimal text of a number, without exponent; null from 10^38 on. */
export const plain = (value: number): string | null => {
  const size = Math.abs(value)
  if (value === 0) return '0'
  if (size >= 1e16) return size < 1e38 ? BigInt(value).toString() : null
  if (size >= 1e-4) return String(value)
  const text = value.toFixed(15).replace(/\.?0+$/, '')
  return text === '-0' || text === '' ? '0' : text
}

export interface NumberFormat {
  before: string
  thousands: boolean
  decimals: number
  percent: boolean
  after: string
}

export const writeNumber = (value: number, form: NumberFormat): string | null => {
  const rounded = halfAway(form.percent ? value * 100 : value, form.decimals)
  if (!(Math.abs(rounded) * Number(`1e${form.decimals}`) < WHOLE)) return null
  const [whole = '', rest] = Math.abs(rounded).toFixed(form.decimals).split('.')
  const grouped = form.thousands ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole
  const digits = rest === undefined ? grouped : `${grouped}.${rest}`
  return `${rounded < 0 ? '-' : ''}${form.before}${digits}${form.percent ? '%' : ''}${form.after}`
}

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const UNITS = ['分', '角', '元', '拾', '佰', '仟', '万', '拾', '佰', '仟', '亿', '拾', '佰', '仟']
const RULES: [RegExp, string][] = [
  [/零[拾佰仟]/g, '零'], [/零+/g, '零'], [/零亿/g, '亿'], [/零万/g, '万'], [/亿万/g, '亿零'], [/零+/g, '零'], [/零元/g, '元'],
  [/零角零分$/g, '整'], [/零分$/g, '整'], [/零角/g, '零'], [/^元零?/g, ''], [/^零+/g, ''], [/^整$/g, '零元整'],
]

/** An amount of renminbi in capital numerals (engine/expression/rmb.py). */
export const rmbUpper = (amount: number): string | null => {
  const cents = halfAway(halfAway(Math.abs(amount), 2) * 100, 0)
  if (!(cents < 1e14)) return null
  const digits = cents.toFixed(0)
  let text = [...digits].map((digit, place) => `${DIGITS[Number(digit)]}${UNITS[digits.length - 1 - place]}`).join('')
  for (const [pattern, replacement] of RULES) text = text.replace(pattern, replacement)
  return amount < 0 && cents > 0 ? `负${text}` : text
}
