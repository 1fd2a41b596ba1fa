import { durationMs, type OptionRules } from '@openedx-ts/events-core/bus';

/** Options of every inbox. */
export interface InboxOptions {
  /**
   * How long an event is remembered, in milliseconds: longer than the time within which it can be delivered again.
   * @defaultValue 604800000, one week
   */
  readonly ttlMs?: number;
}

/** The rules by which `resolveOptions` checks these options. */
export const inboxOptionRules: OptionRules<Required<InboxOptions>> = {
  ttlMs: durationMs(7 * 24 * 3_600_000),
};
