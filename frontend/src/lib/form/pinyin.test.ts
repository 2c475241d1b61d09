import { expect, it } from 'vitest'
import { keyFrom } from './pinyin'

it('makes a key of what a label says', () => {
  expect(['商品编码', '质检单', '到期日', '安全库存', 'Lead time (天)', '1 号仓', '🎈'].map(keyFrom)).toEqual(['shang_pin_bian_ma', 'zhi_jian_dan', 'dao_qi_ri', 'an_quan_ku_cun', 'lead_time_tian', 'hao_cang', ''])
})
