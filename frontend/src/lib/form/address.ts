/** One line of an address taken apart into 省, 市, 区 and the rest, as the server does (form_builder/fields/address.py). */
import type { Address } from '../fields'

const PROVINCE = /^(.{2,8}?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆)市?)/
const CITY = /^(.{1,10}?(?:自治州|地区|盟|市))/
const DISTRICT = /^(.{1,10}?(?:区|县|旗|市))/
const MUNICIPALITY = /^(北京|上海|天津|重庆)/

const take = (pattern: RegExp, text: string): [string, string] => {
  const found = pattern.exec(text)?.[1] ?? ''
  return [found, text.slice(found.length)]
}

export const takenApart = (line: string): Address => {
  let [province, rest] = take(PROVINCE, line.replace(/[\s,，/]+/g, ''))
  let city = ''
  if (MUNICIPALITY.test(province)) {
    province = `${province.replace(/市$/, '')}市`
    city = province
    rest = rest.startsWith(city) ? rest.slice(city.length) : rest
  } else {
    ;[city, rest] = take(CITY, rest)
  }
  const [district, detail] = city ? take(DISTRICT, rest) : ['', rest]
  return { province, city, district, detail }
}
