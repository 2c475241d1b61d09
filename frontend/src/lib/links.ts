/** Links from the server may carry the app's root (`/app/alerts/3`); the router wants them without. */
export const inApp = (href: string): string => {
  const path = href.replace(/^\/app(?=\/|$)/, '')
  return path === '' ? '/' : path.startsWith('/') ? path : `/${path}`
}

/** Say whether a link stays inside the app (action pages `/a/…` and other hosts do not). */
export const isInApp = (href: string): boolean => /^\/app(\/|$)/.test(href)
