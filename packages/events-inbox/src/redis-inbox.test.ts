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
