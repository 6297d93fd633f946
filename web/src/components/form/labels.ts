// SPDX-License-Identifier: GPL-3.0-or-later
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/shape';

function human(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/// Words for members of resources: those of the translations, else their names made readable.
export function useLabels() {
  const { t, i18n } = useTranslation();
  const said = (key: string, otherwise: string) => (i18n.exists(key) ? (t as (key: string) => string)(key) : otherwise);
  return {
    label_of: (name: string) => said(`fields.${name}`, human(name)),
    /// @param name of the member: what a word means may depend on it.
    choice_of: (choice: string, name = '') => said(`choicesOf.${name}.${choice}`, said(`choices.${choice}`, human(choice))),
    /// What the server tells, in English, of what a member is for; nothing where that is what its label says.
    help_of: (name: string, field: Field) => {
      const label = said(`fields.${name}`, human(name));
      const help = field.description ?? '';
      return i18n.language !== 'en' || help === '' || help.toLowerCase() === label.toLowerCase() ? undefined : help;
    },
  };
}
