import { InfrastructureError } from '@openedx-ts/events-core';
import { expect, it } from 'vitest';
import { redisInbox } from './redis-inbox.js';

it('reports why Redis refuses a command, and not that it is unreachable', async () => {
  const refusal = new Error("NOPERM User mail has no permissions to run the 'set' command");
  const inbox = redisInbox({ call: () => Promise.reject(refusal) });
  const key = { groupId: 'mail', receiver: 'welcome', source: 'openedx/lms/web', id: '1' };
  const error = await inbox.handle(key, () => {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InfrastructureError);
  expect((error as Error).message).toBe(
    "Redis, which holds the inbox, does not work (NOPERM User mail has no permissions to run the 'set' command); the event is tried again",
  );
});

it('does not keep the keys of all events whose record Redis has refused, and runs none of the last twice', async () => {
  let isStoring = false;
  const call = async (command: string, ...args: string[]) => {
    const isClaim = command === 'SET' && args.includes('NX');
    if (isClaim || isStoring) return 'OK';
    throw new Error('OOM command not allowed');
  };
  const inbox = redisInbox({ call });
  const runs: string[] = [];
  const handle = (id: string) =>
    inbox
      .handle({ groupId: 'mail', receiver: 'welcome', source: 'lms', id }, () => void runs.push(id))
      .catch((error: unknown) => error);
  for (let number = 0; number <= 10_000; number += 1)
    expect(await handle(`${number}`)).toBeInstanceOf(InfrastructureError);
  isStoring = true;
  expect(await handle('10000')).toBe(false);
  expect(await handle('1')).toBe(false);
  expect(await handle('0')).toBe(true); // forgotten: its lease has expired
  expect(runs).toHaveLength(10_002);
});
