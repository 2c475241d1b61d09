/** Workflows to start from: drawn whole, to be changed; the empty one is second. */
import type { Flow, FlowEdge, FlowNode } from '../../../lib/flow/model'

export interface FlowTemplate {
  key: string
  name: string
  name_en: string
  text: string
  text_en: string
  form?: string
  policy?: Flow['policy']
  nodes: Record<string, FlowNode>
  edges: Omit<FlowEdge, 'id'>[]
}

const START: FlowNode = { type: 'start', name: '提交', name_en: 'Submit' }
const END: FlowNode = { type: 'end', name: '结束', name_en: 'End' }
const WRITE = ['quantity', 'needed_by']
const REMIND = [{ after: 'PT4H', action: 'remind', every: 'PT4H', max: 3 }]
const ORDER: FlowNode = {
  type: 'create_record', name: '生成采购单', name_en: 'Make the purchase order', form: 'purchase_order',
  values: { supplier: 'supplier', warehouse: 'warehouse', lines: [{ sku: 'sku', quantity: 'quantity', price: 'unit_cost' }], expected_on: 'needed_by', task: 'code' },
}

export const TEMPLATES: readonly FlowTemplate[] = [
  {
    key: 'replenishment', name: '补货审批', name_en: 'Replenishment approval', form: 'replenishment_task',
    text: '金额超过 5 万请主管会签，其余采购一人同意即可；4 小时没处理就提醒，退回可改，通过后生成采购单。',
    text_en: 'Over 50,000 the superiors decide together, otherwise one buyer is enough; a reminder after 4 hours, and a purchase order at the end.',
    policy: { dedupe: 'none', watch: ['quantity'], recall: 'before_first' },
    nodes: {
      start: START,
      size: { type: 'exclusive', name: '看金额', name_en: 'By amount' },
      boss: { type: 'approval', name: '主管会签', name_en: 'Superiors', approvers: ['superior'], mode: 'all', empty: 'admin', write: WRITE, timeout: REMIND, resume: 'ask' },
      buyer: { type: 'approval', name: '采购或签', name_en: 'Buyers', approvers: ['role:buyer'], mode: 'any', empty: 'admin', write: WRITE, timeout: REMIND, resume: 'ask' },
      order: ORDER,
      end: END,
    },
    edges: [
      { from: 'start', to: 'size' },
      { from: 'size', to: 'boss', name: '大额', name_en: 'Large', condition: 'amount > 50000' },
      { from: 'size', to: 'buyer', name: '其他情况', name_en: 'Otherwise', default: true },
      { from: 'boss', to: 'order' }, { from: 'buyer', to: 'order' }, { from: 'order', to: 'end' },
    ],
  },
  {
    key: 'blank', name: '空白流程', name_en: 'Empty workflow', text: '只有开始和结束，从头画。', text_en: 'Only a start and an end.',
    nodes: { start: START, end: END },
    edges: [{ from: 'start', to: 'end' }],
  },
  {
    key: 'requisition', name: '请购会签', name_en: 'Joint requisition', form: 'replenishment_task',
    text: '采购和仓库同时审，都同意以后请主管拍板；任何一方可以退回给发起人改。',
    text_en: 'Buyers and the warehouse decide at the same time, then the superior; each may send it back.',
    policy: { dedupe: 'consecutive', watch: ['quantity'], recall: 'before_first' },
    nodes: {
      start: START,
      split: { type: 'parallel', name: '同时审', name_en: 'At the same time' },
      buyer: { type: 'approval', name: '采购审批', name_en: 'Buyers', approvers: ['role:buyer'], mode: 'any', empty: 'admin', write: WRITE, timeout: REMIND, resume: 'ask' },
      warehouse: { type: 'approval', name: '仓库确认', name_en: 'Warehouse', approvers: ['role:operator'], mode: 'any', empty: 'admin', timeout: REMIND, resume: 'ask' },
      gather: { type: 'parallel', name: '都同意了', name_en: 'Both agreed' },
      boss: { type: 'approval', name: '主管审批', name_en: 'Superior', approvers: ['superior'], mode: 'all', empty: 'admin', timeout: REMIND },
      end: END,
    },
    edges: [
      { from: 'start', to: 'split' }, { from: 'split', to: 'buyer', name: '采购' }, { from: 'split', to: 'warehouse', name: '仓库' },
      { from: 'buyer', to: 'gather' }, { from: 'warehouse', to: 'gather' }, { from: 'gather', to: 'boss' }, { from: 'boss', to: 'end' },
    ],
  },
  {
    key: 'order', name: '采购单逐级审批', name_en: 'Purchase order, level by level', form: 'purchase_order',
    text: '直接上级、再上一级依次审批，通过后通知发起人。', text_en: 'The superior and theirs decide in turn; the initiator is told.',
    nodes: {
      start: START,
      chain: { type: 'approval', name: '逐级审批', name_en: 'Level by level', approvers: ['chain:2'], mode: 'sequential', empty: 'admin', timeout: REMIND },
      tell: { type: 'notify', name: '通知发起人', name_en: 'Tell the initiator', to: ['initiator'], text: '采购单已批准' },
      end: END,
    },
    edges: [{ from: 'start', to: 'chain' }, { from: 'chain', to: 'tell' }, { from: 'tell', to: 'end' }],
  },
  {
    key: 'promotion', name: '大促备货投票', name_en: 'Vote on promotion stock', form: 'replenishment_task',
    text: '运营和采购投票，三分之二同意就通过，然后请仓库办理入仓预约。', text_en: 'Two thirds of operators and buyers must agree; then the warehouse books the arrival.',
    nodes: {
      start: START,
      vote: { type: 'approval', name: '备货投票', name_en: 'Vote', approvers: ['role:operator', 'role:buyer'], mode: 'ratio', ratio: '2/3', empty: 'admin', timeout: REMIND },
      book: { type: 'task', name: '预约入仓', name_en: 'Book the arrival', approvers: ['role:operator'], empty: 'admin', write: ['needed_by'] },
      end: END,
    },
    edges: [{ from: 'start', to: 'vote' }, { from: 'vote', to: 'book' }, { from: 'book', to: 'end' }],
  },
  {
    key: 'arrival', name: '到货跟进', name_en: 'Follow the delivery', form: 'purchase_order',
    text: '等到货消息；3 天还没到就请采购跟进。', text_en: 'Waits for the goods; after 3 days a buyer follows up.',
    nodes: {
      start: START,
      wait: { type: 'event', name: '等到货', name_en: 'Wait for the goods' },
      arrived: { type: 'signal', name: '到货了', name_en: 'Arrived', signal: 'stock_in', persistent: true },
      late: { type: 'timer', name: '3 天没到', name_en: '3 days late', after: 'P3D' },
      chase: { type: 'task', name: '跟进供应商', name_en: 'Chase the supplier', approvers: ['role:buyer'], empty: 'admin' },
      end: END,
    },
    edges: [{ from: 'start', to: 'wait' }, { from: 'wait', to: 'arrived' }, { from: 'wait', to: 'late' }, { from: 'late', to: 'chase' }, { from: 'arrived', to: 'end' }, { from: 'chase', to: 'end' }],
  },
]

export const flowOf = (template: FlowTemplate, key: string, name: string): Flow => ({
  kind: 'workflow',
  key,
  name,
  schema_version: 1,
  ...(template.form === undefined ? {} : { form: template.form }),
  ...(template.policy === undefined ? {} : { policy: template.policy }),
  nodes: template.nodes,
  edges: template.edges.map((edge, index) => ({ id: `e${index + 1}`, ...edge })),
})
