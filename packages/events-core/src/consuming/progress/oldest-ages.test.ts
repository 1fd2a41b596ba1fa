import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.test-support.js';
import { recordingTelemetry } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { defineCount } from '../../signals/count-changed.test-support.js';
import { snapshotSignals } from '../../signals/registry.js';
import { deliveryOf, messageOf } from '../types/deliveries.test-support.js';
import { OldestAges } from './oldest-ages.js';

const clock = new ManualClock('2026-01-02T03:04:05Z');
let telemetry = recordingTelemetry();

beforeEach(() => {
  const restore = snapshotSignals();
  telemetry = recordingTelemetry();
  configureEvents({ clock, telemetry });
  return restore;
});

it('the age of the oldest unfinished event is recorded for each lane, and once that there is none any more', async () => {
  const message = messageOf(defineCount(), { count: 1 });
  const timeless = { ...message, headers: message.headers.filter(([name]) => name !== 'ce_time') };
  const ages = new OldestAges({ groupId: 'g', headerNaming: 'kafka' });
  await clock.advance(2_000);
  ages.report(
    new Map([
      ['a', deliveryOf(message, 1)],
      ['b', deliveryOf(timeless, 1)],
    ]),
  );
  ages.report(new Map());
  ages.report(new Map());
  expect(telemetry.facts).toEqual([
    { type: 'consumer.oldest-age', lane: 'a', groupId: 'g', ageMs: 2_000 },
    { type: 'consumer.oldest-age', lane: 'a', groupId: 'g', ageMs: null },
  ]);
});
