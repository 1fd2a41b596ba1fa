import { configureEvents, InvalidOptionsError, type StartPosition } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingConnection, type ScriptedReply } from '../driver/recording-connection.test-support.js';
import { ConsumerGroup } from './consumer-group.js';

const OK = Buffer.from('OK');
const entry = (id: string) => [Buffer.from(id), [Buffer.from('a'), Buffer.from('b')]];
const busy = new Error('BUSYGROUP Consumer Group name already exists');
const error = vi.fn();
const record = vi.fn();
let restore: Disposable;

beforeEach(() => {
  error.mockReset();
  record.mockReset();
  restore = configureEvents({
    logger: { debug() {}, info() {}, warn() {}, error },
    telemetry: { ...noTelemetry, record },
  });
});
afterEach(() => restore[Symbol.dispose]());

function groupOn(replies: readonly ScriptedReply[], startFrom: StartPosition = 'resume') {
  const left = [...replies];
  const connection = new RecordingConnection(() => left.shift() ?? OK);
  const onRecreated = vi.fn();
  const group = new ConsumerGroup({ connection, groupId: 'g', startFrom, onRecreated });
  return { group, connection, onRecreated };
}

describe('ConsumerGroup', () => {
  it.each<[StartPosition, string]>([
    ['resume', '$'],
    ['earliest', '0'],
    [{ time: new Date(5_000) }, '4999-18446744073709551615'],
    [{ position: '1679676448892-7' }, '1679676448892-6'],
  ])('creates a group that starts at %j with id %s', async (startFrom, id) => {
    const { group, connection } = groupOn([], startFrom);
    await group.create('orders');
    expect(connection.commands).toStrictEqual([`XGROUP CREATE orders g ${id} MKSTREAM`]);
  });

  it('refuses a position that is no entry id', () => {
    expect(() => groupOn([], { position: '0:17' })).toThrow(InvalidOptionsError);
  });

  it('leaves a group that exists where it is', async () => {
    const { group, onRecreated } = groupOn([busy, busy]);
    await group.create('orders');
    await group.create('orders');
    expect(onRecreated).not.toHaveBeenCalled();
    expect(error).not.toHaveBeenCalled();
  });

  it('recreates a group that is gone behind the entry that was acknowledged last, and reports the loss', async () => {
    const { group, connection, onRecreated } = groupOn([OK, [entry('12-0')]]);
    await group.create('orders');
    group.acknowledged('orders', '12-0');
    group.acknowledged('orders', undefined);
    await group.create('orders');
    expect(connection.commands.at(-1)).toBe('XGROUP CREATE orders g 12-0 MKSTREAM');
    expect(onRecreated).toHaveBeenCalledExactlyOnceWith('orders');
    expect(error).toHaveBeenCalledExactlyOnceWith(
      { stream: 'orders', groupId: 'g', from: '12-0' },
      expect.stringContaining('created again'),
    );
    expect(record).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: 'events.lost', reason: 'group-gone' }),
    );
  });

  it('recreates a group with the oldest entry when the stream does not hold the acknowledged one: it may be another stream', async () => {
    const { group, connection } = groupOn([OK, [], OK, OK]);
    await group.create('orders');
    group.acknowledged('orders', '12-0');
    await group.recreate('orders');
    await group.recreate('orders');
    expect(connection.commands.slice(1)).toStrictEqual([
      'XRANGE orders 12-0 12-0',
      'XGROUP CREATE orders g 0 MKSTREAM',
      'XGROUP CREATE orders g 0 MKSTREAM', // the id belonged to the former stream
    ]);
  });

  it('recreates a group with the oldest entry when nothing was acknowledged', async () => {
    const { group, connection } = groupOn([], { position: '5-0' });
    await group.create('orders');
    await group.recreate('orders');
    expect(connection.commands.at(-1)).toBe('XGROUP CREATE orders g 0 MKSTREAM');
  });

  it('creates the group at its start position again when the first try failed', async () => {
    const { group, connection } = groupOn([new Error('LOADING Redis is loading the dataset in memory')]);
    await expect(group.create('orders')).rejects.toThrow('LOADING');
    await group.create('orders');
    expect(connection.commands).toStrictEqual(Array(2).fill('XGROUP CREATE orders g $ MKSTREAM'));
  });
});
