/** After somebody acted: lists, counts and pages of work are asked for again. */
import { queryClient } from '../app/query'

export const refreshWork = (): void => {
  for (const key of [['list'], ['overview'], ['todo'], ['instance'], ['workflow-load']]) void queryClient.invalidateQueries({ queryKey: key })
}
