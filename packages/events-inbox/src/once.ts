import type { PayloadFields, Receiver, SignalEvent } from '@openedx-ts/events-core';
import type { Inbox } from './inbox.js';

/**
 * A receiver that handles each event once, however often it is delivered: what was handled before counts as done. With
 * an inbox that lends a transaction, what is written by it happens exactly once; otherwise a process that dies between
 * the effect and the note of it leads to a second one.
 *
 * @param options.name under which it is remembered, and connected: keep it when the function is renamed
 *   @defaultValue the function's name
 * @throws TypeError when the function has no name and none is given
 */
export function once<F extends PayloadFields, Context>(
  inbox: Inbox<Context>,
  receiver: (event: SignalEvent<F>, context: Context) => unknown,
  options: { readonly name?: string } = {},
): Receiver<F> {
  const name = options.name ?? receiver.name;
  if (name === '') throw new TypeError('once: a receiver without a name needs options.name');
  const handlesOnce = async (event: SignalEvent<F>): Promise<void> => {
    const { source, id } = event.metadata;
    const key = { groupId: event.delivery?.groupId ?? '', receiver: name, source, id };
    await inbox.handle(key, (context) => receiver(event, context));
  };
  return Object.defineProperty(handlesOnce, 'name', { value: name });
}
