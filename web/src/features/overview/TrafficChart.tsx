// SPDX-License-Identifier: GPL-3.0-or-later
import { Card, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import components from '@/components/components.module.css';
import type { LoggedCall } from '@/api/client';
import classes from './overview.module.css';
import { scale_of, traffic, type Chart } from './traffic';

const kWidth = 480;
const kHeight = 160;
/// Below the bars, where times stand, and on their left, where numbers stand.
const kFoot = 20;
const kSide = 44;
/// Of a span, that is filled by its bar.
const kFilled = 0.72;
const kTimes = 4;

/// Bars of calls that were answered, and on them of those that were not; the same as a table.
export function TrafficChart({ chart, calls, now }: { chart: Chart; calls: readonly LoggedCall[]; now: number }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' });
  const spans = traffic(chart, calls, now);
  const end = scale_of(spans);
  const title = t(`overview.chart.${chart}`);
  const answered = spans.reduce((sum, span) => sum + span.answered, 0);
  const unanswered = spans.reduce((sum, span) => sum + span.unanswered, 0);
  const step = (kWidth - kSide) / spans.length;
  const height = (count: number) => (count / end) * (kHeight - kFoot - 8);
  const base = kHeight - kFoot;
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-label={title} data-testid={`chart-${chart}`} data-answered={answered} data-unanswered={unanswered}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <svg viewBox={`0 0 ${kWidth} ${kHeight}`} role="img" aria-label={t('overview.counts', { title, answered, unanswered })} className={classes.chart}>
        {[0, end / 2, end].map((count) => (
          <g key={count}>
            <line x1={kSide} x2={kWidth} y1={base - height(count)} y2={base - height(count)} className={classes.line} />
            <text x={kSide - 6} y={base - height(count) + 4} textAnchor="end">
              {new Intl.NumberFormat(i18n.language).format(count)}
            </text>
          </g>
        ))}
        {spans.map((span, index) => {
          const x = kSide + index * step;
          return (
            <g key={span.from}>
              <rect x={x + (step * (1 - kFilled)) / 2} width={step * kFilled} y={base - height(span.answered)} height={height(span.answered)} className={classes.answered} />
              <rect x={x + (step * (1 - kFilled)) / 2} width={step * kFilled} y={base - height(span.answered + span.unanswered)} height={height(span.unanswered)} className={classes.unanswered} />
              {index % (spans.length / kTimes) === 0 && (
                <text x={x} y={kHeight - 4}>
                  {time.format(span.from)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <Text size="sm" className={classes.legend}>
        <span className={classes.key} data-of="answered" aria-hidden />
        {t('overview.answered', { count: answered })}
        <span className={classes.key} data-of="unanswered" aria-hidden />
        {t('overview.unanswered', { count: unanswered })}
      </Text>
      <details className={classes.numbers}>
        <summary>{t('overview.asTable')}</summary>
        <table className={components.table}>
          <thead>
            <tr>
              <th scope="col">{t('overview.from')}</th>
              <th scope="col">{t('overview.answeredHead')}</th>
              <th scope="col">{t('overview.unansweredHead')}</th>
            </tr>
          </thead>
          <tbody>
            {spans.map((span) => (
              <tr key={span.from}>
                <td>{time.format(span.from)}</td>
                <td>{span.answered}</td>
                <td>{span.unanswered}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}
