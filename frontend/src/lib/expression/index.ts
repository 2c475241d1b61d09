/** Live formulas in the browser: the checked tree of the server, evaluated with equal values. */
export { evaluate } from './evaluate'
export { InputError } from './tree'
export type { Row, Surroundings, Tree, TreeNode } from './tree'
