// SPDX-License-Identifier: GPL-3.0-or-later
import globals from 'globals';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['src/api/generated/**', 'node_modules/**'] },
  ...tseslint.configs.recommended,
  a11y.flatConfigs.recommended,
  hooks.configs['recommended-latest'],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      // Whatever asks the server goes through src/api/client.ts.
      'no-restricted-globals': ['error', 'fetch', 'XMLHttpRequest'],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // Dialogs and fields that a person has just opened get the focus.
      'jsx-a11y/no-autofocus': 'off',
    },
  },
  { files: ['src/api/client.ts', 'public/sw.js', 'tools/**'], rules: { 'no-restricted-globals': 'off' } },
);
