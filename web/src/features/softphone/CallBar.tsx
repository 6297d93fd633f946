// SPDX-License-Identifier: GPL-3.0-or-later
// What the person needs of a call that goes on, in the views where the telephone is not seen.
import { ActionIcon } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { IconArrowForwardUp, IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff, IconPlayerPause, IconPlayerPlay } from '@/components/icons';
import { Problem } from '@/components/Problem';
import { Party, Transfer } from './CallCard';
import type { Call } from './phone';
import { usePhone } from './PhoneProvider';
import classes from './softphone.module.css';

interface ControlProps {
  label: string;
  icon: ReactNode;
  press: () => void;
  /// Of what is on or off.
  on?: boolean;
  expanded?: boolean;
  color?: string;
}

function Control({ label, icon, press, on, expanded, color }: ControlProps) {
  return (
    <ActionIcon size="xl" radius="xl" variant={on || color ? 'filled' : 'default'} {...(color ? { color } : {})} title={label} aria-label={label} aria-pressed={on} aria-expanded={expanded} onClick={press}>
      {icon}
    </ActionIcon>
  );
}

function Bar({ call }: { call: Call }) {
  const { t } = useTranslation();
  const { phone } = usePhone();
  const [transferring, set_transferring] = useState(false);
  const talking = call.phase === 'talking';
  return (
    <section className={classes.bar} aria-label={t('phone.callWith', { name: call.name || call.number })} data-testid="call-bar">
      <div className={classes.barRow}>
        <Party call={call} />
        {call.phase !== 'ended' && (
          <div className={classes.controls}>
            {talking && (
              <>
                <Control label={t('phone.mute')} on={call.muted} icon={call.muted ? <IconMicrophoneOff size={20} /> : <IconMicrophone size={20} />} press={() => phone.mute(call.id, !call.muted)} />
                <Control label={call.held ? t('phone.resume') : t('phone.hold')} on={call.held} icon={call.held ? <IconPlayerPlay size={20} /> : <IconPlayerPause size={20} />} press={() => phone.hold(call.id, !call.held)} />
                <Control label={t('phone.transfer')} expanded={transferring} icon={<IconArrowForwardUp size={20} />} press={() => set_transferring(!transferring)} />
              </>
            )}
            <ActionIcon component={Link} to="/" size="xl" radius="xl" variant="default" title={t('phone.toPhone')} aria-label={t('phone.toPhone')}>
              <IconPhone size={20} />
            </ActionIcon>
            <Control label={t('phone.hangUp')} color="red.8" icon={<IconPhoneOff size={20} />} press={() => phone.hang_up(call.id)} />
          </div>
        )}
      </div>
      {call.transfer === 'failed' && <Problem>{t('phone.transferFailed')}</Problem>}
      {call.deaf && talking && <Problem>{t('devices.deaf')}</Problem>}
      {talking && transferring && <Transfer call={call} done={() => set_transferring(false)} />}
    </section>
  );
}

/// @param hidden the telephone itself is seen.
export function CallBar({ hidden }: { hidden: boolean }) {
  const { calls } = usePhone();
  // Whoever calls just now has a banner of his own.
  const shown = hidden ? [] : calls.filter((call) => call.direction === 'out' || call.phase === 'talking' || call.phase === 'ended');
  return (
    <div className={classes.bars}>
      {shown.map((call) => (
        <Bar key={call.id} call={call} />
      ))}
    </div>
  );
}
