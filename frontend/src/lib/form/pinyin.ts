/** A key out of a label: ASCII words as they are, Chinese by its pinyin. */
import PinyinMatch from 'pinyin-match'

const INITIALS = ['', 'b', 'p', 'm', 'f', 'd', 't', 'n', 'l', 'g', 'k', 'h', 'j', 'q', 'x', 'zh', 'ch', 'sh', 'r', 'z', 'c', 's', 'y', 'w']
const FINALS = ['iang', 'iong', 'uang', 'ang', 'eng', 'ian', 'iao', 'ing', 'ong', 'uai', 'uan', 'ueng', 'ai', 'an', 'ao', 'ei', 'en', 'er', 'ia', 'ie', 'in', 'iu', 'ou', 'ua', 'ue', 'ui', 'un', 'uo', 've', 'a', 'e', 'i', 'o', 'u', 'v']
/** Longest first, so that 商 is shang and not sha. */
const SYLLABLES = INITIALS.flatMap((initial) => FINALS.map((final) => initial + final)).sort((one, other) => other.length - one.length)

const known = new Map<string, string>()

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
