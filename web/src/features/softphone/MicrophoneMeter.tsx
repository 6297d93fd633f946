// SPDX-License-Identifier: GPL-3.0-or-later
import { Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/components/Problem';
import { devices } from './devices';
import classes from './softphone.module.css';

const kMeterPeriod = 100;
/// Of the samples of a loud voice: where the meter is full.
const kLoud = 0.3;

/// How loud the microphone is that is chosen now.
export function MicrophoneMeter({ device }: { device: string }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  const [problem, set_problem] = useState<'microphoneRefused' | 'microphoneMissing' | null>(null);
  useEffect(() => {
    let over = false;
    let stop = () => {};
    const open = async () => {
      try {
        const track = await devices.open_microphone();
        if (over) return track.stop();
        const audio = new AudioContext();
        const analyser = audio.createAnalyser();
        audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        const timer = setInterval(() => {
          analyser.getFloatTimeDomainData(samples);
          const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
          const percent = Math.min(100, Math.round((100 * loudness) / kLoud));
          bar.current?.setAttribute('aria-valuenow', String(percent));
          bar.current?.style.setProperty('--level', `${percent}%`);
        }, kMeterPeriod);
        stop = () => {
          clearInterval(timer);
          track.stop();
          void audio.close();
        };
        set_problem(null);
        void devices.look();
      } catch (reason) {
        if (!over) set_problem((reason as { name?: string } | null)?.name === 'NotAllowedError' ? 'microphoneRefused' : 'microphoneMissing');
      }
    };
    void open();
    return () => {
      over = true;
      stop();
    };
  }, [device]);
  if (problem)
    return <Problem>{t(`phone.failure.${problem}`)}</Problem>;
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {t('devices.speak')}
      </Text>
      <div ref={bar} className={classes.meter} role="meter" aria-label={t('devices.level')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={0} data-testid="level" />
    </div>
  );
}
