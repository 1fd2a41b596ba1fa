import { InvalidOptionsError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import type { BusHarness } from './bus-harness.js';
import { checkHarness } from './check-harness.js';
import { reasonToLeaveOff } from './conformance-test.js';
import { conformanceTests } from './conformance-tests.js';
import { memoryHarness } from './memory-harness.js';

describe('checkHarness', () => {
  it('accepts a harness that has everything, or states why not', () => {
    checkHarness(memoryHarness());
    checkHarness({
      ...memoryHarness(),
      capabilities: { ...memoryHarness().capabilities, tombstones: { missing: 'the broker refuses them' } },
      crashConsumer: { missing: 'the client cannot' },
      createAdmin: { missing: 'nobody wrote one' },
      outage: { missing: 'the broker is hosted' },
    });
  });

  it('refuses a harness that leaves something off without a reason, with every issue', () => {
    const { tombstones: _, ...others } = memoryHarness().capabilities;
    const harness = {
      ...memoryHarness(),
      name: 'lazy bus',
      capabilities: { ...others, startAtTime: { missing: ' ' }, binaryHeaders: false, teleports: true },
      crashConsumer: undefined,
      createAdmin: { topics: {} },
      outage: {},
    } as unknown as BusHarness;
    try {
      checkHarness(harness);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidOptionsError);
      expect((error as InvalidOptionsError).issues.map(({ path }) => path)).toEqual([
        'capabilities.teleports',
        'capabilities.startAtTime',
        'capabilities.tombstones',
        'capabilities.binaryHeaders',
        'crashConsumer',
        'createAdmin',
        'outage',
      ]);
    }
  });
});

describe('reasonToLeaveOff', () => {
  it('leaves off exactly the tests that need what is missing', () => {
    const harness: BusHarness = {
      ...memoryHarness(),
      capabilities: { ...memoryHarness().capabilities, startAtTime: { missing: 'there are no times' } },
      outage: { missing: 'the broker is hosted' },
    };
    const leftOff = conformanceTests.filter((test) => reasonToLeaveOff(test, harness) !== undefined);
    const missing = ['outage', 'startAtTime', 'laneOutage']; // the last one on every memory bus
    const isMissing = ({ needs = [] }: (typeof conformanceTests)[number]) =>
      [needs].flat().some((need) => missing.includes(need));
    expect(leftOff).toEqual(conformanceTests.filter(isMissing));
    expect(leftOff.length).toBeGreaterThan(5);
    expect(reasonToLeaveOff({ needs: 'startAtTime' }, harness)).toBe('startAtTime: there are no times');
    expect(reasonToLeaveOff({ needs: ['createAdmin', 'outage'] }, harness)).toMatch(/^outage: /);
    expect(reasonToLeaveOff({}, harness)).toBeUndefined();
  });
});
