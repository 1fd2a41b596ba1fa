import { count, resolveOptions, runtime } from '@openedx-ts/events-core/bus';
import type { Inbox, InboxKey } from './inbox.js';
import { type InboxOptions, inboxOptionRules } from './inbox-options.js';

/** Options of `memoryInbox`. */
export interface MemoryInboxOptions extends InboxOptions {
  /** Maximum number of events that are remembered; the oldest are forgotten first. @defaultValue 100000 */
  readonly maxEvents?: number;
}

/**
 * Creates an inbox that remembers events until this process ends: against redelivery to the same process, for tests and
 * tools.
 *
 * @throws InvalidOptionsError
 */
export function memoryInbox(options: MemoryInboxOptions = {}): Inbox<undefined> {
  const rules = { ...inboxOptionRules, maxEvents: count(1, 100_000) };
  const { ttlMs, maxEvents } = resolveOptions<Required<MemoryInboxOptions>>('memoryInbox', options, rules);
  const processedAt = new Map<string, number>();
  const running = new Map<string, Promise<unknown>>();

  const isProcessed = (text: string): boolean => {
    const at = processedAt.get(text);
    return at !== undefined && runtime().clock.monotonic() - at < ttlMs;
  };
  const remember = (text: string): void => {
    processedAt.delete(text); // a map keeps the order of insertion: the newest last
    processedAt.set(text, runtime().clock.monotonic());
    for (const oldest of processedAt.keys()) {
      if (processedAt.size <= maxEvents && isProcessed(oldest)) break;
      processedAt.delete(oldest);
    }
  };

  return {
    handle: async (key, run) => {
      const text = textOf(key);
      for (let other = running.get(text); other !== undefined; other = running.get(text)) {
        await other.catch(() => {}); // the other call reports its error; then this one runs
      }
      if (isProcessed(text)) return false;
      const result = (async () => run(undefined))();
      running.set(text, result);
      try {
        await result;
        remember(text);
        return true;
      } finally {
        running.delete(text);
      }
    },
  };
}

function textOf({ groupId, receiver, source, id }: InboxKey): string {
  return JSON.stringify([groupId, receiver, source, id]);
}
