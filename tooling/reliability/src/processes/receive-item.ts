import { setTimeout as sleep } from 'node:timers/promises';
import type { FieldsOf, Receiver } from '@openedx-ts/events-core';
import type { ITEM_SENT } from '../item-sent.js';
import type { Journal } from '../journal/journal.js';
import { now } from '../journal/journal-line.js';
import { isHard, type ReceiverFault } from './receiver-task.js';

/** An item as receivers get it. */
export type ItemReceiver = Receiver<FieldsOf<typeof ITEM_SENT>>;

/** A receiver that keeps the journal; between the first and the last line comes what it is for. */
export async function receiveItem(
  event: Parameters<ItemReceiver>[0],
  {
    journal,
    fault,
    effect,
  }: {
    readonly journal: Journal;
    readonly fault?: ReceiverFault | undefined;
    readonly effect?: ItemReceiver | undefined;
  },
): Promise<void> {
  const { item } = event.data;
  const { id } = event.metadata;
  const { attempt, position } = event.delivery ?? { attempt: 1, position: '' };
  journal.write(['entered', now(), id, item.key, item.sequence, attempt, position]);
  if (fault !== undefined && isHard(item.sequence, fault)) await suffer(fault);
  // Handlers of services wait for something; this is where a kill finds most of them.
  await new Promise((resolve) => setImmediate(resolve));
  await effect?.(event);
  journal.write(['finished', now(), id]);
}

async function suffer({ is, ms = 0 }: ReceiverFault): Promise<void> {
  switch (is) {
    case 'throws':
      throw new Error('this event always fails');
    case 'kills':
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => {});
    case 'hangs':
      return new Promise(() => {});
    case 'takes-long':
      await sleep(ms);
  }
}
