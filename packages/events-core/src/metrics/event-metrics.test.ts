import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../runtime/manual-clock.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import type { TelemetryFact } from '../runtime/telemetry-fact.js';
import { defineCount } from '../signals/count-changed.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { eventMetrics } from './event-metrics.js';
import { metricDefinitions } from './metric-definitions.js';

const eventType = 'org.openedx.learning.count.changed.v1';
const about = { system: 'kafka', eventType, topic: 'dev-counts' };
const handled: TelemetryFact = {
  ...{ type: 'event.handled', ...about, groupId: 'g', attempts: 1, durationMs: 30, sentAt: null },
};
const deadLettered: TelemetryFact = {
  ...{ type: 'event.dead-lettered', ...about, groupId: 'g', code: 'EVENTS_DECODING_FAILED', durationMs: 1 },
};
const lag: TelemetryFact = {
  ...{
    type: 'consumer.lag',
    lane: 'dev-counts:0',
    groupId: 'g',
    lag: 7,
    pending: null,
    distanceToTrim: null,
  },
};

let clock = new ManualClock();

beforeEach(() => {
  const restore = snapshotSignals();
  clock = new ManualClock();
  configureEvents({ clock });
  defineCount();
  return restore;
});

/** The lines of values of a metric. */
function linesOf(facts: readonly TelemetryFact[], name: string, metrics = eventMetrics()): readonly string[] {
  for (const fact of facts) metrics.record(fact);
  return metrics
    .metricsText()
    .split('\n')
    .filter((line) => line.startsWith(name));
}

describe('metrics of sends', () => {
  it('count each event once, by topic, type and error, and sum its duration', () => {
    const published: TelemetryFact = { type: 'event.published', ...about, durationMs: 4 };
    const refused = Object.assign(new Error('full'), { code: 'EVENTS_BUFFER_FULL' });
    const failed: TelemetryFact = { type: 'event.publish-failed', ...about, durationMs: 8, error: refused };
    const labels = `messaging_operation_name="send",messaging_operation_type="send",messaging_system="kafka",messaging_destination_name="dev-counts",cloudevents_event_type="${eventType}"`;
    expect(linesOf([published, published, failed], 'messaging_client_sent_messages_total')).toEqual([
      `messaging_client_sent_messages_total{${labels}} 2`,
      `messaging_client_sent_messages_total{${labels},error_type="EVENTS_BUFFER_FULL"} 1`,
    ]);
    const name = 'messaging_client_operation_duration_seconds';
    const lines = linesOf([published, { ...published, durationMs: 20 }], name);
    expect(lines.slice(0, 3)).toEqual([
      `${name}_bucket{${labels},le="0.005"} 1`,
      `${name}_bucket{${labels},le="0.01"} 1`,
      `${name}_bucket{${labels},le="0.025"} 2`,
    ]);
    expect(lines.slice(-3)).toEqual([
      `${name}_bucket{${labels},le="+Inf"} 2`,
      `${name}_sum{${labels}} 0.024`,
      `${name}_count{${labels}} 2`,
    ]);
  });

  it('do not count as sent what the producer refused before it was buffered', () => {
    const error = new Error('closed');
    const refused = {
      type: 'event.publish-failed',
      ...about,
      system: null,
      durationMs: null,
      error,
    } as const;
    expect(linesOf([refused], 'messaging_client_sent')).toEqual([]);
    expect(linesOf([refused], 'openedx_events_publish_failures')).toHaveLength(1);
  });
});

describe('metrics of consuming', () => {
  it('count each message once, whatever became of it', () => {
    const skipped = { type: 'event.skipped', ...about, groupId: 'g', reason: 'tombstone' } as const;
    const metrics = eventMetrics();
    const lines = linesOf([handled, deadLettered, skipped], 'messaging_client_consumed', metrics);
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['1', '1', '1']);
    expect(linesOf([], 'messaging_process_duration_seconds_count', metrics)).toHaveLength(2);
    expect(linesOf([], 'openedx_events_dead_letters_total', metrics)).toEqual([
      `openedx_events_dead_letters_total{messaging_destination_name="dev-counts",messaging_consumer_group_name="g",cloudevents_event_type="${eventType}",error_type="EVENTS_DECODING_FAILED"} 1`,
    ]);
  });

  it('give an event type that is not loaded here no label of its own', () => {
    const unknown = ['a', 'b', 'c'].map((type) => ({ ...deadLettered, eventType: type }));
    const lines = linesOf(unknown, 'openedx_events_dead_letters_total');
    expect(lines).toEqual([expect.stringMatching(/cloudevents_event_type="_OTHER".* 3$/)]);
  });

  it('end when a lane is not measured any more, and at once when nothing of it is unfinished', async () => {
    const metrics = eventMetrics();
    expect(linesOf([lag], 'openedx_events_consumer_lag{', metrics)).toEqual([
      'openedx_events_consumer_lag{openedx_events_lane="dev-counts:0",messaging_consumer_group_name="g"} 7',
    ]);
    await clock.advance(61_000);
    expect(linesOf([], 'openedx_events_consumer_lag{', metrics)).toEqual([]);

    const age = { type: 'consumer.oldest-age', lane: 'a', groupId: 'g', ageMs: 1_500 } as const;
    const name = 'openedx_events_consumer_oldest_age_seconds{';
    expect(linesOf([age], name, metrics)).toEqual([expect.stringMatching(/ 1\.5$/)]);
    expect(linesOf([{ ...age, ageMs: null }], name, metrics)).toEqual([]);
  });
});

describe('label sets', () => {
  it('are bounded: what exceeds the limit is counted in one series', () => {
    const events = Array.from({ length: 5 }, (_, index) => ({ ...handled, topic: `t${index}` }));
    const metrics = eventMetrics({ maxSeries: 2 });
    const lines = linesOf([...events, ...events], 'messaging_client_consumed', metrics);
    expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['2', '2', '6']);
    expect(lines[2]).toContain('otel_metric_overflow="true"');
    const lags = Array.from({ length: 5 }, (_, index) => ({ ...lag, lane: `l${index}` }));
    expect(linesOf(lags, 'openedx_events_consumer_lag{', metrics)).toHaveLength(2);
  });

  it('are escaped', () => {
    const strange = { ...handled, topic: 'a"b\\c\nd' };
    expect(linesOf([strange], 'messaging_client_consumed')[0]).toContain('"a\\"b\\\\c\\nd"');
  });
});

it('every metric that is defined is emitted', () => {
  const names = eventMetrics()
    .collect()
    .map(({ name }) => name);
  expect([...names].sort()).toEqual(
    Object.values(metricDefinitions)
      .map(({ name }) => name)
      .sort(),
  );
});
