// SPDX-License-Identifier: GPL-3.0-or-later
import { Button, Group, Modal, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  icon?: ReactNode;
  question: string;
  confirmed: () => Promise<void>;
  /// What it does can be undone easily: it is no warning in itself.
  quiet?: boolean;
}

/// For what takes something away: asks before.
export function ConfirmButton({ label, icon, question, confirmed, quiet = false }: Props) {
  const { t } = useTranslation();
  const [open, set_open] = useState(false);
  const [busy, set_busy] = useState(false);
  const go = async () => {
    set_busy(true);
    await confirmed();
    set_busy(false);
    set_open(false);
  };
  return (
    <>
      <Button variant={quiet ? 'default' : 'light'} {...(quiet ? { size: 'xs' } : { color: 'red' })} leftSection={icon} onClick={() => set_open(true)}>
        {label}
      </Button>
      <Modal opened={open} onClose={() => set_open(false)} title={label} closeButtonProps={{ 'aria-label': t('form.close') }}>
        <Text mb="lg">{question}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => set_open(false)}>
            {t('form.cancel')}
          </Button>
          <Button {...(quiet ? {} : { color: 'red.8' })} loading={busy} onClick={() => void go()}>
            {label}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
