/** A moment in milliseconds, the same for every process of this machine. */
export type Moment = number;

/**
 * What a process reports about one event. A producer writes `offered` before it sends and `accepted` or `rejected` when the
 * bus has answered; a receiver writes `entered` first, `finished` last, and `effect` for an effect that must happen once.
 */
export type JournalLine =
  | readonly [is: 'offered', at: Moment, eventId: string, key: string, sequence: number]
  | readonly [is: 'accepted', at: Moment, eventId: string, position: string, tookMs: number]
  | readonly [is: 'rejected', at: Moment, eventId: string, code: string]
  | readonly [
      is: 'entered',
      at: Moment,
      eventId: string,
      key: string,
      sequence: number,
      attempt: number,
      position: string,
    ]
  | readonly [is: 'effect', at: Moment, eventId: string]
  | readonly [is: 'finished', at: Moment, eventId: string];

/** Now, on a clock that never jumps and that all processes of this machine share. */
export function now(): Moment {
  return Math.round(Number(process.hrtime.bigint()) / 1_000) / 1_000;
}
