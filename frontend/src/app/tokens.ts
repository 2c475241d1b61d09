/** The one table of colours, sizes and type: antd, ECharts and our own style sheet all read it. */

export interface Tokens {
  brand: string
  brandSoft: string
  text: string
  textSoft: string
  textFaint: string
  line: string
  lineSoft: string
  page: string
  card: string
  raised: string
  critical: string
  criticalSoft: string
  warning: string
  warningSoft: string
  good: string
  goodSoft: string
  unknown: string
  unknownSoft: string
  info: string
  infoSoft: string
  sales: string
  stock: string
  forecast: string
}

export const LIGHT: Tokens = {
  brand: '#3457d5',
  brandSoft: '#edf1fd',
  text: '#1b2130',
  textSoft: '#565f73',
  textFaint: '#737c90',
  line: '#e3e6ec',
  lineSoft: '#eff1f5',
  page: '#f6f7f9',
  card: '#ffffff',
  raised: '#ffffff',
  critical: '#c2341d',
  criticalSoft: '#fdeeea',
  warning: '#9a5b00',
  warningSoft: '#fdf3e1',
  good: '#17734f',
  goodSoft: '#e7f5ee',
  unknown: '#5f6779',
  unknownSoft: '#eff1f5',
  info: '#3457d5',
  infoSoft: '#edf1fd',
  sales: '#8fa3e8',
  stock: '#1b2130',
  forecast: '#7a5cc7',
}

export const DARK: Tokens = {
  brand: '#8aa2f8',
  brandSoft: '#222b4a',
  text: '#e8eaf0',
  textSoft: '#aab1c2',
  textFaint: '#8b93a7',
  line: '#333a4a',
  lineSoft: '#282e3b',
  page: '#12151c',
  card: '#1a1e28',
  raised: '#222733',
  critical: '#ff8f78',
  criticalSoft: '#3c211c',
  warning: '#f2b65a',
  warningSoft: '#38290f',
  good: '#63cf9f',
  goodSoft: '#15302a',
  unknown: '#a4abbc',
  unknownSoft: '#282e3b',
  info: '#8aa2f8',
  infoSoft: '#222b4a',
  sales: '#5a70c4',
  stock: '#e8eaf0',
  forecast: '#b39cf0',
}

export const FONT = "'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', system-ui, -apple-system, 'Segoe UI', sans-serif"
export const MONO = "ui-monospace, 'SF Mono', 'JetBrains Mono', Menlo, Consolas, 'Noto Sans SC', monospace"

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Write the tokens as CSS variables (`--brand-soft`), which the style sheets use. */
export const applyTokens = (tokens: Tokens, dark: boolean): void => {
  const root = document.documentElement
  for (const [name, value] of Object.entries(tokens)) root.style.setProperty(`--${dashed(name)}`, value)
  root.style.colorScheme = dark ? 'dark' : 'light'
  root.dataset.theme = dark ? 'dark' : 'light'
}
