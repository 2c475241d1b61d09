/** Phones have a layout of their own: the one break at 768 px. */
import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 767px)')
const subscribe = (listener: () => void): (() => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

export const usePhone = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
