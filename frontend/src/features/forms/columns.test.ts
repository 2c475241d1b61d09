import { expect, it } from 'vitest'
import { fieldsFromColumns, guessesOf } from './columns'

it('makes fields of columns, with a code that can be linked to', () => {
  const fields = fieldsFromColumns(guessesOf([
    { name: '商品编码', samples: ['A1', 'A2'], type_guess: 'text' },
    { name: '商品名称', samples: ['耳环'], type_guess: 'text' },
    { name: '成本', samples: ['¥12.50', '3'], type_guess: 'text' },
    { name: '条码', samples: ['6901234567892'], type_guess: 'number' },
    { name: '上架日', samples: ['2025-01-02'], type_guess: 'date' },
    { name: '备注', samples: ['x'.repeat(80)], type_guess: 'text' },
    { name: ' ', samples: [], type_guess: 'text' },
  ]))
  expect(fields.map((field) => [field.key, field.type])).toEqual([['code', 'text'], ['name', 'text'], ['cheng_ben', 'money'], ['tiao_ma', 'barcode'], ['shang_jia_ri', 'date'], ['bei_zhu', 'long_text']])
  expect(fields[0]).toMatchObject({ required: true, unique: true })
})
