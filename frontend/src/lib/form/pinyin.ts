/** A key out of a label: ASCII words as they are, Chinese by its pinyin. */
import PinyinMatch from 'pinyin-match'

const INITIALS = ['', 'b', 'p', 'm', 'f', 'd', 't', 'n', 'l', 'g', 'k', 'h', 'j', 'q', 'x', 'zh', 'ch', 'sh', 'r', 'z', 'c', 's', 'y', 'w']
const FINALS = ['iang', 'iong', 'uang', 'ang', 'eng', 'ian', 'iao', 'ing', 'ong', 'uai', 'uan', 'ueng', 'ai', 'an', 'ao', 'ei', 'en', 'er', 'ia', 'ie', 'in', 'iu', 'ou', 'ua', 'ue', 'ui', 'un', 'uo', 've', 'a', 'e', 'i', 'o', 'u', 'v']
/** Longest first, so that 商 is shang and not sha. */
const SYLLABLES = INITIALS.flatMap((initial) => FINALS.map((final) => initial + final)).sort((one, other) => other.length - one.length)

/** Signs with several readings, as labels of forms mean them. */
const MEANT = '单dan 期qi 重zhong 长chang 行hang 车che 区qu 员yuan 会hui 率lv 数shu 参can 石shi 空kong 系xi 和he 还huan 传chuan 都du 调diao 量liang 价jia 没mei 盛sheng 省sheng 大da 地di 得de 便bian 号hao 分fen 合he 间jian 称cheng 结jie 看kan 相xiang 种zhong 转zhuan 装zhuang 折zhe 朝chao 卡ka'

const known = new Map(MEANT.split(' ').map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]))

const syllable = (sign: string): string => {
  const found = known.get(sign)
  if (found !== undefined) return found
  const said = SYLLABLES.find((one) => PinyinMatch.match(sign, one)) ?? ''
  known.set(sign, said)
  return said
}

/** `商品编码` → `shang_pin_bian_ma`, `Lead time (天)` → `lead_time_tian`; empty when nothing can be said. */
export const keyFrom = (label: string): string => {
  const words = [...label.toLowerCase().matchAll(/[a-z0-9]+|[\u4e00-\u9fff]/g)].map(([word]) => (/[a-z0-9]/.test(word) ? word : syllable(word))).filter(Boolean)
  const key = words.join('_').replace(/^[^a-z]+/, '')
  return key.slice(0, 50).replace(/_+$/, '')
}

const USUAL: [string, RegExp][] = [['code', /^(商品|货品|产品|物料|供应商|仓库)?(编码|编号|货号|代码)$|^(sku|code)$/i], ['name', /^(商品|货品|产品|物料|供应商|仓库)?(名称|品名|名字)$|^name$/i]]

/** The key of a field from its label: `code` and `name` for what every form calls so, so that others can link to it. */
export const fieldKeyFrom = (label: string, taken: Iterable<string>): string => {
  const used = new Set(taken)
  const usual = USUAL.find(([key, words]) => words.test(label.trim()) && !used.has(key))
  return usual ? usual[0] : keyFrom(label)
}
