// SPDX-License-Identifier: GPL-3.0-or-later
// When a schedule is open, as a picture of the week with its periods below.
import { ActionIcon, Button, Chip, Fieldset, Group, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { IconPlus, IconTrash } from '@/components/icons';
import classes from '../components.module.css';
import { DestinationField, type Destination } from './DestinationField';
import { bars_of, days_of_text, text_of_days, type Period } from './periods';

/// 1 January 2024 was a Monday.
const day_name = (language: string, day: number, weekday: 'short' | 'long') => new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
const month_name = (language: string, month: number) => new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, month - 1, 1));
const kDays = [1, 2, 3, 4, 5, 6, 7];
const kHours = [0, 6, 12, 18, 24];

function Week({ periods, label }: { periods: readonly Period[]; label: string }) {
  const { i18n } = useTranslation();
  const spoken = kDays
    .map((day) => `${day_name(i18n.language, day, 'long')}: ${bars_of(periods, day).map(({ text }) => text).join(', ') || '–'}`)
    .join('; ');
  return (
    <div className={classes.week} role="img" aria-label={`${label}. ${spoken}`}>
      {kDays.map((day) => (
        <div key={day} className={classes.weekRow}>
          <span>{day_name(i18n.language, day, 'short')}</span>
          <div className={classes.weekDay}>
            {bars_of(periods, day).map(({ from, to, partly, text }) => (
              <div key={text} className={`${classes.weekBar} ${partly ? classes.weekPart : ''}`} style={{ insetInlineStart: `${from / 14.4}%`, width: `${(to - from) / 14.4}%` }} title={text} />
            ))}
          </div>
        </div>
      ))}
      <div className={classes.weekRow}>
        <span />
        <div className={classes.weekHours}>
          {kHours.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  period: Period;
  number: number;
  on_change: (part: Partial<Period>) => void;
  remove: () => void;
}

function PeriodRow({ period, number, on_change, remove }: RowProps) {
  const { t, i18n } = useTranslation();
  return (
    <Stack gap="xs" role="group" aria-label={t('schedule.period', { number })} className={classes.period}>
      <Group gap="sm" align="end">
        <TextInput type="time" label={t('schedule.from')} value={period.hours_start} onChange={(event) => on_change({ hours_start: event.currentTarget.value })} />
        <TextInput type="time" label={t('schedule.to')} value={period.hours_end} onChange={(event) => on_change({ hours_end: event.currentTarget.value })} />
        <Chip.Group multiple value={(period.week_days ?? []).map(String)} onChange={(days) => on_change({ week_days: days.map(Number).sort() })}>
          <Group gap={4} role="group" aria-label={t('schedule.weekDays')}>
            {kDays.map((day) => (
              <Chip key={day} value={String(day)} size="xs" radius="sm">
                {day_name(i18n.language, day, 'short')}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <ActionIcon variant="default" size={36} aria-label={t('form.removeRow', { number })} onClick={remove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Group gap="sm" align="end">
        <TextInput label={t('schedule.monthDays')} placeholder="1-31" key={text_of_days(period.month_days)} defaultValue={text_of_days(period.month_days)} onBlur={(event) => on_change({ month_days: days_of_text(event.currentTarget.value) })} w="10rem" />
        <MultiSelect
          label={t('schedule.months')}
          placeholder={(period.months ?? []).length === 0 ? t('schedule.allMonths') : ''}
          data={Array.from({ length: 12 }, (_, index) => ({ value: String(index + 1), label: month_name(i18n.language, index + 1) }))}
          value={(period.months ?? []).map(String)}
          onChange={(months) => on_change({ months: months.map(Number).sort((a, b) => a - b) })}
          flex="1 1 14rem"
          miw={0}
        />
      </Group>
    </Stack>
  );
}

interface Props {
  label: string;
  help?: string | undefined;
  value: Period[];
  /// Each leads somewhere of its own: holidays.
  with_destination: boolean;
  on_change: (value: Period[]) => void;
  error?: string | undefined;
}

export function PeriodsField({ label, help, value, with_destination, on_change, error }: Props) {
  const { t } = useTranslation();
  const change = (index: number, part: Partial<Period>) => on_change(value.map((period, at) => (at === index ? { ...period, ...part } : period)));
  const empty = { week_days: [], month_days: [], months: [] };
  const add = (period: Period) => on_change([...value, with_destination ? { ...period, destination: { type: 'none' } } : period]);
  return (
    <Fieldset legend={label} className={classes.wide}>
      <Stack gap="md">
        {help && <Text size="xs" c="dimmed">{help}</Text>}
        {!with_destination && <Week periods={value} label={label} />}
        {value.map((period, index) => (
          <Stack key={index} gap="xs">
            <PeriodRow period={period} number={index + 1} on_change={(part) => change(index, part)} remove={() => on_change(value.filter((_, at) => at !== index))} />
            {with_destination && (
              <DestinationField label={t('schedule.leadsTo', { number: index + 1 })} value={(period.destination ?? null) as Destination | null} on_change={(destination) => change(index, { destination })} />
            )}
          </Stack>
        ))}
        {error && <Text size="xs" c="var(--mantine-color-error)" role="alert">{error}</Text>}
        <Group gap="xs">
          {with_destination ? (
            <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => add({ ...empty, hours_start: '00:00', hours_end: '23:59', month_days: [25], months: [12] })}>
              {t('schedule.addHoliday')}
            </Button>
          ) : (
            <>
              <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => add({ ...empty, hours_start: '09:00', hours_end: '18:00', week_days: [1, 2, 3, 4, 5] })}>
                {t('schedule.addWorkingDays')}
              </Button>
              <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => add({ ...empty, hours_start: '09:00', hours_end: '13:00', week_days: [6] })}>
                {t('schedule.addSaturday')}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Fieldset>
  );
}
