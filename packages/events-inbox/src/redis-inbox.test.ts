import { InfrastructureError } from '@openedx-ts/events-core';
import { expect, it } from 'vitest';
import { redisInbox } from './redis-inbox.js';

it('remembers ten thousand events at most that it could not store', async () => {
  let isUnreachable = false;
  const inbox = redisInbox({
    call: async (_, __, value) => {
      if (isUnreachable && value === 'handled') throw new Error('unreachable');
      return 'OK';
    },
  });
  const key = (id: number) => ({ groupId: 'mail', receiver: 'welcome', source: 's', id: String(id) });
  isUnreachable = true;
  for (let id = 0; id <= 10_000; id += 1) await inbox.handle(key(id), () => {}).catch(() => {});
  isUnreachable = false;
  expect(await inbox.handle(key(10_000), () => {})).toBe(false);
  expect(await inbox.handle(key(1), () => {})).toBe(false);
  expect(await inbox.handle(key(0), () => {})).toBe(true);
});

it.each([0, Number.POSITIVE_INFINITY, 1e300, Number.NaN])(
  'refuses a leaseMs of %s, with which Redis would refuse every event',
  (leaseMs) => {
    const client = { call: () => Promise.resolve('OK') };
    expect(() => redisInbox(client, { leaseMs })).toThrow(
      /leaseMs: must be a number of milliseconds, more than 0/,
    );
  },
);

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
