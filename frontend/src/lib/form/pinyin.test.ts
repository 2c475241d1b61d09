import { expect, it } from 'vitest'
import { fieldKeyFrom, keyFrom } from './pinyin'

it('makes a key of what a label says', () => {
  expect(['商品编码', '质检单', '到期日', '安全库存', 'Lead time (天)', '1 号仓', '🎈'].map(keyFrom)).toEqual(['shang_pin_bian_ma', 'zhi_jian_dan', 'dao_qi_ri', 'an_quan_ku_cun', 'lead_time_tian', 'hao_cang', ''])
})

it('calls the code and the name of a form so, once', () => {
  expect([fieldKeyFrom('商品编码', []), fieldKeyFrom('名称', ['code']), fieldKeyFrom('编号', ['code']), fieldKeyFrom('条码', [])]).toEqual(['code', 'name', 'bian_hao', 'tiao_ma'])
})
