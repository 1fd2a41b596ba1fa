import { configureEvents, type Logger, silentLogger } from '@openedx-ts/events-core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RecordingConnection, type ScriptedReply } from '../driver/recording-connection.test-support.js';
import { Acknowledger } from './acknowledger.js';
import { OwnPendingEntries } from './own-pending-entries.js';

const fields = (text: string) => [Buffer.from('event_data'), Buffer.from(text)];
const found = (id: string, text: string) => [[Buffer.from(id), fields(text)]];

function ownPending(reply: (command: string) => ScriptedReply) {
  const connection = new RecordingConnection(reply);
  const entries = new OwnPendingEntries(new AbortController().signal, () => connection.timesOpened);
  const [first, second] = entries.add('s', [
    { id: '1-0', fields: fields('a'), deliveryCount: 1 },
    { id: '2-0', fields: fields('b'), deliveryCount: 1 },
  ]);
  const ordinals = [first?.ordinal as number, second?.ordinal as number];
  return {
    connection,
    entries,
    ordinals,
    acknowledger: new Acknowledger({ connection, groupId: 'g', ownPending: entries }),
  };
}

describe('Acknowledger', () => {
  it('acknowledges entries in one command, without a look at them', async () => {
    const { connection, entries, ordinals, acknowledger } = ownPending(() => 2);
    expect(await acknowledger.acknowledge('s', ordinals)).toBe('2-0');
    expect(connection.commands).toEqual(['XACK s g 1-0 2-0']);
    expect(entries.list('s')).toEqual([]);
    expect(await acknowledger.acknowledge('s', ordinals)).toBeUndefined();
  });

  it.each([
    ['blames another process for entries that it has acknowledged', 1, ['1-0', '2-0'], 1],
    ['blames no other process when it may have repeated itself', 2, ['1-0', '2-0'], 0],
    ['blames no other process for entries that are gone from the stream', 1, ['1-0'], 0],
  ])('%s', async (_what, timesOpened, existing, reports) => {
    const onAcknowledgedElsewhere = vi.fn();
    const { connection, entries, ordinals } = ownPending((command) => {
      if (command.startsWith('XACK')) return 1;
      const id = existing.find((one) => command.endsWith(` ${one}`));
      return id === undefined ? [] : found(id, id === '1-0' ? 'a' : 'b');
    });
    const options = { connection, groupId: 'g', ownPending: entries, onAcknowledgedElsewhere };
    connection.timesOpened = timesOpened;
    await new Acknowledger(options).acknowledge('s', ordinals);
    expect(onAcknowledgedElsewhere).toHaveBeenCalledTimes(reports);
  });

  it('compares entries, and blames no other process, when the stream was deleted and created again', async () => {
    const onAcknowledgedElsewhere = vi.fn();
    const { connection, entries, ordinals } = ownPending((command) => (command.startsWith('XACK') ? 0 : []));
    entries.doubt('s');
    const options = { connection, groupId: 'g', ownPending: entries, onAcknowledgedElsewhere };
    await new Acknowledger(options).acknowledge('s', ordinals);
    expect(connection.commands).toEqual(['XRANGE s 1-0 1-0', 'XRANGE s 2-0 2-0', 'XACK s g 1-0 2-0']);
    expect(onAcknowledgedElsewhere).not.toHaveBeenCalled();
  });

  it('does not acknowledge another event that has the id of one in flight after a failover', async () => {
    const warn = vi.fn<Logger['warn']>();
    const configured = configureEvents({ logger: { ...silentLogger, warn } });
    onTestFinished(() => configured[Symbol.dispose]());
    const { connection, entries, ordinals, acknowledger } = ownPending((command) =>
      command === 'XRANGE s 1-0 1-0'
        ? found('1-0', 'a')
        : command.startsWith('XRANGE')
          ? found('2-0', 'other')
          : 1,
    );
    connection.timesOpened = 2;
    expect(await acknowledger.acknowledge('s', ordinals)).toBe('1-0');
    expect(connection.commands).toEqual(['XRANGE s 1-0 1-0', 'XRANGE s 2-0 2-0', 'XACK s g 1-0']);
    expect(entries.list('s')).toEqual([]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      { stream: 's', groupId: 'g', count: 1, position: '2-0' },
      expect.stringContaining('another event has the id of one that was in flight'),
    );
  });

  it.each<[string, ScriptedReply]>([
    ['was trimmed', []],
    ['may not be read', new Error('NOPERM no permissions')],
  ])('acknowledges an entry that %s, after a reconnect', async (_what, reply) => {
    const { connection, ordinals, acknowledger } = ownPending((command) =>
      command.startsWith('XRANGE') ? reply : 2,
    );
    connection.timesOpened = 2;
    expect(await acknowledger.acknowledge('s', ordinals)).toBe('2-0');
  });

  it('looks again when the connection is opened again before the acknowledgement', async () => {
    let looks = 0;
    const { connection, ordinals, acknowledger } = ownPending((command) => {
      if (!command.startsWith('XRANGE')) return 2;
      looks += 1;
      if (looks === 2) connection.timesOpened = 3;
      return [];
    });
    connection.timesOpened = 2;
    expect(await acknowledger.acknowledge('s', ordinals)).toBe('2-0');
    expect(connection.commands.filter((command) => command.startsWith('XACK'))).toHaveLength(1);
    expect(looks).toBe(4);
  });
});
