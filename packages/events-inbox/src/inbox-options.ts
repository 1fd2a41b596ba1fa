import { durationMs, type OptionRules } from '@openedx-ts/events-core/bus';

/** What every inbox is told. */
export interface InboxOptions {
  /** How long an event is remembered: longer than it can be delivered again. @defaultValue 604800000, a week */
  readonly ttlMs?: number;
}

/** The rules of these options. */
export const inboxOptionRules: OptionRules<Required<InboxOptions>> = {
  ttlMs: durationMs(7 * 24 * 3_600_000),
};
