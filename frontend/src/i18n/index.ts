/** Two languages: Chinese text is the key and stands in the source; the English tables load when somebody asks for them. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../api/types'
import { typeset } from '../lib/typeset'

const STORED = 'beihuo.language'

export const language = (): Language => (i18next.language === 'en' ? 'en' : 'zh')

export const switchLanguage = async (next: Language): Promise<void> => {
  if (next === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { english } = await import('./english')
    i18next.addResourceBundle('en', 'translation', english)
  }
  await i18next.changeLanguage(next)
  document.documentElement.lang = next === 'en' ? 'en' : 'zh-CN'
  localStorage.setItem(STORED, next)
}

export const storedLanguage = (): Language => (localStorage.getItem(STORED) === 'en' ? 'en' : 'zh')

export const startI18n = async (): Promise<void> => {
  await i18next.use(initReactI18next).init({
    lng: 'zh',
    fallbackLng: false,
    resources: { zh: { translation: {} } },
    keySeparator: false,
    nsSeparator: false,
    pluralSeparator: '_',
    interpolation: { escapeValue: false },
    returnEmptyString: false,
  })
  const wanted = storedLanguage()
  if (wanted === 'en') await switchLanguage('en')
}

/** Server texts come in pairs (`title`, `title_en`): take the one of the interface's language. */
export const pick = <K extends string>(pair: Partial<Record<K | `${K}_en`, string | null>> | null | undefined, key: K): string => {
  if (!pair) return ''
  const chinese = typeset(pair[key] ?? '')
  const english = pair[`${key}_en`]
  return (language() === 'en' ? english || chinese : chinese || english) ?? ''
}
