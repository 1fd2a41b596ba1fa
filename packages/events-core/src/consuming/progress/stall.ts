import type { TelemetryFact } from '../../runtime/telemetry-fact.js';
import type { Message } from '../../wire/message.js';

/** A lane whose events wait, and which makes no progress. */
export interface Stall {
  readonly lane: string;
  readonly stage: Extract<TelemetryFact, { readonly type: 'consumer.stalled' }>['stage'];
  /** The position of the event that stands still; undefined for `read` and `acknowledgement`. */
  readonly position?: string | undefined;
  /** The message of that event. */
  readonly message?: Message | undefined;
  /** The receiver that does not end, where it is known. */
  readonly receiver?: string | undefined;
  /** For how long. */
  readonly durationMs: number;
}

/** Describes a stall for `health()` and the log: where, for how long, and the cure. */
export function stallReason({ lane, stage, position, receiver, durationMs }: Stall): string {
  const event = position === undefined ? 'an event' : `the event at ${position}`;
  const who = receiver === undefined ? 'a receiver' : `receiver ${receiver}`;
  const texts: Readonly<Record<Stall['stage'], string>> = {
    read: 'the broker has events that reading does not return. Check the network to it',
    start: `${event} does not start`,
    decode: `${event} is still being decoded. Check the schema registry and the codec`,
    receiver: `${who} has not finished ${event}. Check what it waits for`,
    'dead-letter': `the dead letter of ${event} is neither accepted nor refused. Check the broker`,
    acknowledgement: 'an acknowledgement is not answered. Check the broker',
  };
  const seconds = Math.ceil(durationMs / 1_000);
  return `${lane}: no progress for ${seconds} s while events wait: ${texts[stage]}; restart this process if it does not continue`;
}
