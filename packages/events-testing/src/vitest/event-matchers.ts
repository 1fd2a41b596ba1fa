import { AssertionError } from 'node:assert';
import type { MemoryBroker } from '@openedx-ts/event-bus-memory';
import type { OpenEdxPublicSignal, PayloadFields } from '@openedx-ts/events-core';
import { assertDeadLettered, assertPublished, assertReceived } from '../assert-events.js';
import type { PartialData } from '../partial-data.js';
import type { EventRecorder, WaitOptions } from '../record-events.js';

/**
 * Matchers for vitest; `expect.extend(eventMatchers)` in a set-up file adds them.
 * `expect(recorder).toHaveReceived(data)`, `await expect(broker).toHavePublished(SIGNAL, data)` and
 * `await expect(broker).toHaveDeadLettered(SIGNAL, data)`; data may be given in part, or left out. The two of a broker
 * wait up to a second, but with `.not` look at once: `flush()` the producer first.
 */
export const eventMatchers = {
  toHaveReceived(this: MatcherState, recorder: EventRecorder, expected?: PartialData<PayloadFields>) {
    return outcome(() => assertReceived(recorder, expected), `${recorder.signal.eventType} was received`);
  },

  async toHavePublished(
    this: MatcherState,
    broker: MemoryBroker,
    signal: OpenEdxPublicSignal,
    expected?: PartialData<PayloadFields>,
  ) {
    const found = assertPublished(broker, signal, expected, waitFor(this));
    return asyncOutcome(found, `${signal.eventType} was published`);
  },

  async toHaveDeadLettered(
    this: MatcherState,
    broker: MemoryBroker,
    signal: OpenEdxPublicSignal,
    expected?: PartialData<PayloadFields>,
  ) {
    const found = assertDeadLettered(broker, signal, expected, waitFor(this));
    return asyncOutcome(found, `${signal.eventType} was dead-lettered`);
  },
};

/** The matchers as `expect` shows them, typed by what is given to it. */
export interface EventMatchers<T> {
  /** At least one event that came so far has this data. */
  toHaveReceived: T extends EventRecorder<infer F> ? (expected?: PartialData<F>) => void : never;
  /** At least one event of the signal with this data is on a topic of the broker, or comes within a second. */
  toHavePublished: T extends MemoryBroker ? SignalMatcher : never;
  /** At least one event of the signal with this data is a dead letter in the broker, or becomes one within a second. */
  toHaveDeadLettered: T extends MemoryBroker ? SignalMatcher : never;
}

/** A matcher of a broker: of which signal, with which data. */
export type SignalMatcher = <S extends Pick<OpenEdxPublicSignal, 'eventType'>>(
  signal: S,
  expected?: S extends OpenEdxPublicSignal<infer F> ? PartialData<F> : never,
) => Promise<void>;

interface MatcherState {
  readonly isNot?: boolean;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

function waitFor({ isNot }: MatcherState): WaitOptions {
  return isNot === true ? { timeoutMs: 0 } : {};
}

function outcome(assert: () => void, did: string): Outcome {
  try {
    assert();
    return passed(did);
  } catch (error) {
    return failed(error);
  }
}

async function asyncOutcome(found: Promise<unknown>, did: string): Promise<Outcome> {
  try {
    await found;
    return passed(did);
  } catch (error) {
    return failed(error);
  }
}

function passed(did: string): Outcome {
  return { pass: true, message: () => `an event of ${did}, with data that was not expected` };
}

/** Anything but a failed assertion, such as a misspelt field, is an error with `.not` as well. */
function failed(error: unknown): Outcome {
  if (!(error instanceof AssertionError)) throw error;
  return { pass: false, message: () => error.message };
}
