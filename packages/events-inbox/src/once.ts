import type { PayloadFields, Receiver, SignalEvent } from '@openedx-ts/events-core';
import type { Inbox } from './inbox.js';

/**
 * Wraps a receiver, so that it processes each event once, however often the event is delivered. With an inbox that passes
 * a transaction to the receiver, what is written through it happens exactly once. With any other inbox, a process that
 * dies after the effect and before the inbox has stored it causes a second effect.
 *
 * @param options.name the name by which the inbox remembers the receiver, and under which it is connected: keep it when
 *   the function is renamed @defaultValue the function's name
 * @throws TypeError when the function has no name and none is given
 */
export function once<F extends PayloadFields, Context>(
  inbox: Inbox<Context>,
  receiver: (event: SignalEvent<F>, context: Context) => unknown,
  options: { readonly name?: string } = {},
): Receiver<F> {
  const name = options.name ?? receiver.name;
  if (name === '') throw new TypeError('once: a receiver without a name needs options.name');
  const processesOnce = async (event: SignalEvent<F>): Promise<void> => {
    const { source, id } = event.metadata;
    const key = { groupId: event.delivery?.groupId ?? '', receiver: name, source, id };
    await inbox.handle(key, (context) => receiver(event, context));
  };
  return Object.defineProperty(processesOnce, 'name', { value: name });
}
