// SPDX-License-Identifier: GPL-3.0-or-later
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';

export const kLanguages = [
  { code: 'en', name: 'English' },
  { code: 'fr', name: 'Français' },
] as const;
export type Language = (typeof kLanguages)[number]['code'];

const kChosen = 'almon.language';

function preferred(): Language {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(kChosen);
  } catch {
    // Storage is switched off; the browser's languages decide.
  }
  for (const wanted of [chosen ?? '', ...navigator.languages]) {
    const found = kLanguages.find((language) => wanted.toLowerCase().startsWith(language.code));
    if (found) return found.code;
  }
  return 'en';
}

export function speak(language: Language): void {
  try {
    localStorage.setItem(kChosen, language);
  } catch {
    // Then it holds until the page is loaded again.
  }
  void load(language).then(() => i18next.changeLanguage(language));
}

/// English is always there, since it stands in for what another language does not say; others come when they are spoken.
async function load(language: Language): Promise<void> {
  if (language === 'en' || i18next.hasResourceBundle(language, 'translation')) return;
  const { default: texts } = await import('./fr.json');
  i18next.addResourceBundle(language, 'translation', texts);
}

i18next.on('languageChanged', (language) => {
  document.documentElement.lang = language;
});
void i18next.use(initReactI18next).init({
  resources: { en: { translation: en } },
  lng: 'en',
  showSupportNotice: false,
  fallbackLng: 'en',
  // React escapes by itself.
  interpolation: { escapeValue: false },
});

/// When the person's language is there.
export const ready = load(preferred()).then(() => i18next.changeLanguage(preferred()));

export default i18next;
