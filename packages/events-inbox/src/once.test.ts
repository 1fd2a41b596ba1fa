import { createMetadata, defineSignal, InvalidOptionsError, string } from '@openedx-ts/events-core';
import { dispatchReceived, snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Inbox, InboxKey } from './inbox.js';
import { memoryInbox } from './memory-inbox.js';
import { once } from './once.js';

let restore: () => void;
beforeEach(() => {
  restore = snapshotSignals();
});
afterEach(() => restore());

const define = () => defineSignal({ eventType: 'org.example.inbox.note.sent.v1', data: { text: string() } });
const delivery = {
  topic: 't',
  groupId: 'g',
  position: '0:1',
  attempt: 1,
  abortSignal: new AbortController().signal,
};

describe('once', () => {
  it('runs a receiver once for each event of a group', async () => {
    const NOTE_SENT = define();
    const receiver = vi.fn((_event: unknown) => {});
    NOTE_SENT.connect(once(memoryInbox(), receiver, { name: 'note' }));
    const metadata = createMetadata(NOTE_SENT);
    const data = { text: 'a' };
    await dispatchReceived(NOTE_SENT, { metadata, data, delivery });
    await dispatchReceived(NOTE_SENT, { metadata, data, delivery: { ...delivery, attempt: 2 } });
    expect(receiver).toHaveBeenCalledOnce();
    await dispatchReceived(NOTE_SENT, { metadata, data, delivery: { ...delivery, groupId: 'other' } });
    await dispatchReceived(NOTE_SENT, { metadata: createMetadata(NOTE_SENT), data, delivery });
    expect(receiver).toHaveBeenCalledTimes(3);
  });

  it('runs a receiver again after it failed', async () => {
    const NOTE_SENT = define();
    const receiver = vi
      .fn((_event: unknown) => {})
      .mockImplementationOnce(() => {
        throw new Error('not now');
      });
    NOTE_SENT.connect(once(memoryInbox(), receiver, { name: 'note' }));
    const event = { metadata: createMetadata(NOTE_SENT), data: { text: 'a' }, delivery };
    expect(await dispatchReceived(NOTE_SENT, event)).toMatchObject([{ status: 'rejected' }]);
    expect(await dispatchReceived(NOTE_SENT, event)).toMatchObject([{ status: 'fulfilled' }]);
    expect(receiver).toHaveBeenCalledTimes(2);
  });

  it('remembers each receiver by its name, and connects it under that name', async () => {
    const NOTE_SENT = define();
    const keys: InboxKey[] = [];
    const inbox: Inbox<string> = {
      handle: async (key, run) => {
        keys.push(key);
        await run('lent');
        return true;
      },
    };
    const lent: string[] = [];
    NOTE_SENT.connect(once(inbox, (_event, context) => lent.push(context), { name: 'count-notes' }));
    const metadata = createMetadata(NOTE_SENT);
    await NOTE_SENT.sendEventWithMetadata(metadata, { text: 'a' });
    expect(NOTE_SENT.receivers).toEqual(['count-notes']);
    expect(keys).toEqual([
      { groupId: '', receiver: 'count-notes', source: metadata.source, id: metadata.id },
    ]);
    expect(lent).toEqual(['lent']);
  });

  it.each<[string, unknown]>([
    ['no options', undefined],
    ['no name', {}],
    ['an empty name', { name: ' ' }],
    ['a name that is no text', { name: 7 }],
    ['null', null],
  ])('refuses a function whose name a minifier changes to that of another: %s', (_, options) => {
    function charge() {}
    expect(() => once(memoryInbox(), charge, options as { name: string })).toThrow(InvalidOptionsError);
    // @ts-expect-error the name is required by the type, too
    expect(() => once(memoryInbox(), charge)).toThrow(
      /name: must be a text .*once\(inbox, receiver, \{ name/,
    );
  });

  it('does not skip a charge for a mail that was sent: two receivers of a signal cannot share a name', () => {
    const NOTE_SENT = define();
    const inbox = memoryInbox();
    NOTE_SENT.connect(once(inbox, function a() {}, { name: 'mail' }));
    expect(() => NOTE_SENT.connect(once(inbox, function b() {}, { name: 'mail' }))).toThrow(
      /"mail" is connected already/,
    );
    expect(() =>
      NOTE_SENT.connect(
        once(inbox, () => {}, { name: 'mail' }),
        { name: 'charge' },
      ),
    ).toThrow(/"mail" cannot be connected as "charge"/);
  });
});
