/** Light by default, dark by choice: antd's theme and our CSS variables from the same tokens. */
import { App as AntApp, ConfigProvider, theme as antTheme, type ThemeConfig } from 'antd'
import type { Locale } from 'antd/es/locale'
import zhCN from 'antd/locale/zh_CN'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { applyTokens, DARK, LIGHT, MONO, type Tokens } from './tokens'

const STORED = 'beihuo.theme'

interface ThemeState {
  dark: boolean
  toggle: () => void
}

export const useTheme = create<ThemeState>((set, get) => ({
  dark: localStorage.getItem(STORED) === 'dark',
  toggle: () => {
    const dark = !get().dark
    localStorage.setItem(STORED, dark ? 'dark' : 'light')
    set({ dark })
  },
}))

export const useTokens = (): Tokens => (useTheme((state) => state.dark) ? DARK : LIGHT)

const antdTheme = (tokens: Tokens, dark: boolean): ThemeConfig => ({
  algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
  token: {
    colorPrimary: dark ? '#5673e0' : tokens.brand,
    colorError: tokens.critical,
    colorWarning: tokens.warning,
    colorSuccess: tokens.good,
    colorInfo: tokens.brand,
    colorLink: tokens.brand,
    colorWarningBg: tokens.warningSoft,
    colorWarningBorder: tokens.warningSoft,
    colorErrorBg: tokens.criticalSoft,
    colorErrorBorder: tokens.criticalSoft,
    colorInfoBg: tokens.infoSoft,
    colorInfoBorder: tokens.infoSoft,
    colorSuccessBg: tokens.goodSoft,
    colorSuccessBorder: tokens.goodSoft,
    colorText: tokens.text,
    colorTextSecondary: tokens.textSoft,
    colorTextTertiary: tokens.textFaint,
    colorTextPlaceholder: tokens.textFaint,
    colorBorder: tokens.line,
    colorBorderSecondary: tokens.lineSoft,
    colorBgLayout: tokens.page,
    colorBgContainer: tokens.card,
    colorBgElevated: tokens.raised,
    fontFamily: 'var(--font)',
    fontFamilyCode: MONO,
    borderRadius: 8,
    controlHeight: 36,
    fontSize: 14,
    wireframe: false,
  },
  components: {
    Table: {
      headerBg: tokens.card,
      headerColor: tokens.textFaint,
      headerSplitColor: 'transparent',
      rowHoverBg: dark ? '#202532' : '#f8f9fc',
      cellPaddingBlock: 12,
      borderColor: tokens.lineSoft,
    },
    Button: { fontWeight: 500, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    Segmented: { itemSelectedBg: tokens.raised, trackBg: tokens.lineSoft },
    Tabs: { horizontalItemPadding: '10px 0', titleFontSize: 14 },
    Form: { labelColor: tokens.textSoft, verticalLabelPadding: '0 0 6px' },
    Drawer: { paddingLG: 24 },
  },
})

export const ThemeProvider = ({ children }: { children: ReactNode }) => {
  const dark = useTheme((state) => state.dark)
  const tokens = dark ? DARK : LIGHT
  const { i18n } = useTranslation()
  const [locale, setLocale] = useState<Locale>(zhCN)
  useEffect(() => applyTokens(tokens, dark), [tokens, dark])
  useEffect(() => {
    if (i18n.language !== 'en') {
      setLocale(zhCN)
      return
    }
    void import('antd/locale/en_US').then((module) => setLocale(module.default))
  }, [i18n.language])
  const config = useMemo(() => antdTheme(tokens, dark), [tokens, dark])
  return (
    <ConfigProvider theme={config} locale={locale} button={{ autoInsertSpace: false }} form={{ requiredMark: (label, { required }) => (required ? <>{label}<span className="required-mark" aria-hidden="true">*</span></> : label) }}>
      <AntApp message={{ maxCount: 3 }}>{children}</AntApp>
    </ConfigProvider>
  )
}
