import {
  InvalidOptionsError,
  type PayloadFields,
  type Receiver,
  type SignalEvent,
} from '@openedx-ts/events-core';
import { nameReceiver } from '@openedx-ts/events-core/bus';
import type { Inbox } from './inbox.js';

/**
 * Wraps a receiver, so that it processes each event once, however often the event is delivered. With an inbox that passes
 * a transaction to the receiver, what is written through it happens exactly once. With any other inbox, a process that
 * dies after the effect and before the inbox has stored it causes a second effect.
 *
 * @param options.name the name by which the inbox remembers the receiver, and under which it is connected. Keep it for
 *   as long as the receiver does the same: under another name it runs again for events that it has processed, and under
 *   the name of another receiver it is skipped for events that the other has processed
 * @throws InvalidOptionsError when no name is given. The function's name is none: a minifier changes it with each build
 */
export function once<F extends PayloadFields, Context>(
  inbox: Inbox<Context>,
  receiver: (event: SignalEvent<F>, context: Context) => unknown,
  options: { readonly name: string },
): Receiver<F> {
  const name: unknown = (options as typeof options | undefined)?.name;
  if (typeof name !== 'string' || name.trim() === '') {
    throw new InvalidOptionsError('once', [{ path: 'name', message: nameRequired }]);
  }
  const processesOnce = async (event: SignalEvent<F>): Promise<void> => {
    const { source, id } = event.metadata;
    const key = { groupId: event.delivery?.groupId ?? '', receiver: name, source, id };
    await inbox.handle(key, (context) => receiver(event, context));
  };
  return nameReceiver(processesOnce, name);
}

const nameRequired =
  "must be a text that is not empty, e.g. once(inbox, receiver, { name: 'charge' }); a function's name changes when the code is minified";
