// SPDX-License-Identifier: GPL-3.0-or-later
import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './softphone.module.css';

const kKeys: ReadonlyArray<[digit: string, letters: string]> = [
  ['1', ''], ['2', 'ABC'], ['3', 'DEF'], ['4', 'GHI'], ['5', 'JKL'], ['6', 'MNO'],
  ['7', 'PQRS'], ['8', 'TUV'], ['9', 'WXYZ'], ['*', ''], ['0', '+'], ['#', ''],
];

export function Keypad({ on_press }: { on_press: (digit: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.keypad} role="group" aria-label={t('phone.keypad')}>
      {kKeys.map(([digit, letters]) => (
        <UnstyledButton key={digit} className={classes.key} data-letters={letters} onClick={() => on_press(digit)}>
          {digit}
        </UnstyledButton>
      ))}
    </div>
  );
}
