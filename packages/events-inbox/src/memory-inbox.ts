import { count, resolveOptions, runtime } from '@openedx-ts/events-core/bus';
import type { Inbox, InboxKey } from './inbox.js';
import { type InboxOptions, inboxOptionRules } from './inbox-options.js';

/** What `memoryInbox` is told. */
export interface MemoryInboxOptions extends InboxOptions {
  /** Events that are remembered; beyond that, the oldest are forgotten. @defaultValue 100000 */
  readonly maxEvents?: number;
}

/**
 * Remembers for as long as this process lives: enough against redelivery to the same process, for tests and tools.
 *
 * @throws InvalidOptionsError
 */
export function memoryInbox(options: MemoryInboxOptions = {}): Inbox<undefined> {
  const rules = { ...inboxOptionRules, maxEvents: count(1, 100_000) };
  const { ttlMs, maxEvents } = resolveOptions<Required<MemoryInboxOptions>>('memoryInbox', options, rules);
  const handledAt = new Map<string, number>();
  const running = new Map<string, Promise<unknown>>();

  const isHandled = (text: string): boolean => {
    const at = handledAt.get(text);
    return at !== undefined && runtime().clock.monotonic() - at < ttlMs;
  };
  const remember = (text: string): void => {
    handledAt.delete(text); // the newest come last
    handledAt.set(text, runtime().clock.monotonic());
    for (const oldest of handledAt.keys()) {
      if (handledAt.size <= maxEvents && isHandled(oldest)) break;
      handledAt.delete(oldest);
    }
  };

  return {
    handle: async (key, run) => {
      const text = textOf(key);
      for (let other = running.get(text); other !== undefined; other = running.get(text)) {
        await other.catch(() => {}); // its caller has the error; then it is this one's turn
      }
      if (isHandled(text)) return false;
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
