import { describe, expect, it } from 'vitest';
import { RecordingConnection } from '../driver/recording-connection.test-support.js';
import type { RedisReply } from '../driver/redis-command.js';
import { GroupMembers } from './group-members.js';

const { signal } = new AbortController();
const day = 24 * 60 * 60_000;

/** The reply about a member; `inactive` since Redis 7.2. */
function about(name: string, pending: number, idle: number, inactive?: number): RedisReply {
  const [nameField, pendingField, idleField] = ['name', 'pending', 'idle'].map((field) => Buffer.from(field));
  const fields = [nameField, Buffer.from(name), pendingField, pending, idleField, idle] as RedisReply[];
  return inactive === undefined ? fields : [...fields, Buffer.from('inactive'), inactive];
}

function membersOf(replies: readonly RedisReply[]) {
  const left = [...replies];
  const connection = new RecordingConnection((command) =>
    command.startsWith('XINFO') ? (left.shift() as RedisReply) : 1,
  );
  return { connection, members: new GroupMembers({ connection, groupId: 'g' }) };
}

describe('GroupMembers', () => {
  it('asks for pending entries and removes a member in one command', async () => {
    const { connection, members } = membersOf([]);
    expect(await members.remove('s', 'me')).toBe(true);
    expect(connection.commands).toEqual([
      expect.stringMatching(/^EVAL .*XPENDING.*DELCONSUMER.* 1 s g me$/s),
    ]);
  });

  it('reports a member that stays because entries are pending for it', async () => {
    const connection = new RecordingConnection(() => 0);
    expect(await new GroupMembers({ connection, groupId: 'g' }).remove('s', 'me')).toBe(false);
  });

  it('removes members that were idle for long, with nothing pending', async () => {
    const { connection, members } = membersOf([
      [
        about('alive', 0, 900, 900),
        about('busy', 1, 5_000, 5_000),
        about('crashed', 0, 1_000, 9_000),
        about('quiet, before Redis 7.2', 0, 5_000),
        about('crashed, before Redis 7.2', 0, day),
      ],
    ]);
    expect(await members.removeIdle('s', 1_000)).toBe(2);
    const removed = connection.commands.slice(1).map((command) => command.replace(/^.* s g /s, ''));
    expect(removed).toEqual(['crashed', 'crashed, before Redis 7.2']);
  });

  it.each<[string, boolean, readonly RedisReply[]]>([
    ['is used while it looks', true, [[about('me', 0, 40)], [about('me', 0, 20)]]],
    ['is unknown', false, [[about('other', 0, 0)]]],
    ['was used long ago', false, [[about('me', 3, 51)]]],
    ['was used a moment ago, by a process that died', false, [[about('me', 3, 40)], [about('me', 3, 60)]]],
    ['was used a moment ago, by a process that has left', false, [[about('me', 0, 40)], []]],
  ])('knows whether a name that %s is in use: %s', async (_what, isUsed, replies) => {
    const { members } = membersOf(replies);
    expect(await members.isUsedElsewhere('s', 'me', 50, signal)).toBe(isUsed);
  });

  it('looks no longer than until the signal fires', async () => {
    const stopped = new AbortController();
    const { members } = membersOf([[about('me', 0, 40)]]);
    const looking = members.isUsedElsewhere('s', 'me', 50_000, stopped.signal);
    stopped.abort();
    expect(await looking).toBe(false);
  });
});
