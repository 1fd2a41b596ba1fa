import { describe, expect, it } from 'vitest';
import { RecordingConnection } from '../driver/recording-connection.test-support.js';
import { GroupMembers } from './group-members.js';

describe('GroupMembers', () => {
  it('asks for pending entries and removes a member in one command', async () => {
    const connection = new RecordingConnection(() => 1);
    expect(await new GroupMembers({ connection, groupId: 'g' }).remove('s', 'me')).toBe(true);
    expect(connection.commands).toEqual([
      expect.stringMatching(/^EVAL .*XPENDING.*DELCONSUMER.* 1 s g me$/s),
    ]);
  });

  it('reports a member that stays because entries are pending for it', async () => {
    const connection = new RecordingConnection(() => 0);
    expect(await new GroupMembers({ connection, groupId: 'g' }).remove('s', 'me')).toBe(false);
  });
});
