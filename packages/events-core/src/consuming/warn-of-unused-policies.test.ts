import { describe, expect, it } from 'vitest';
import { ConsumerBench } from './consumer-bench.test-support.js';

const bench = new ConsumerBench();
const warnings = () => bench.logger.lines.filter(({ level }) => level === 'warn');

describe('warnOfUnusedPolicies', () => {
  it('warns once, when a consumer starts, of each event type that is not loaded, with the nearest', async () => {
    const mistyped = bench.signal.eventType.replace('changed', 'chnaged');
    const policies = { [mistyped]: { maxAttempts: 9 }, 'com.example.else.v1': {} };
    const { consumer } = await bench.consume({ policies }, 1);
    consumer.push([], [bench.event(2)], 'end');
    await bench.clock.advance(60_000);
    expect(warnings().map(({ message }) => message)).toEqual([
      `the policy of ${mistyped} has no effect: no signal of this type is loaded (did you mean ${bench.signal.eventType}?)`,
      'the policy of com.example.else.v1 has no effect: no signal of this type is loaded',
    ]);
    expect(warnings()[0]?.facts).toEqual({ groupId: 'g', eventType: mistyped });
    expect(consumer.state).toBe('running');
  });

  it('says nothing of types that are loaded', async () => {
    await bench.consume({ policies: { [bench.signal.eventType]: { maxAttempts: 9 } } }, 1);
    expect(warnings()).toEqual([]);
  });
});
