import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import type { Inbox, InboxKey } from './inbox.js';

/** Returns a key that no test has used. */
export function newKey(): InboxKey {
  return { groupId: 'g', receiver: 'r', source: 'openedx/test/web', id: randomUUID() };
}

/** Tests the contract of every inbox. */
export function describeInbox(inbox: () => Inbox<unknown>): void {
  it('runs once for a key, and again when any field of the key differs', async () => {
    const run = vi.fn();
    const key = newKey();
    expect(await inbox().handle(key, run)).toBe(true);
    expect(await inbox().handle(key, run)).toBe(false);
    expect(run).toHaveBeenCalledOnce();
    const others = [
      { ...key, groupId: 'g2' },
      { ...key, receiver: 'r2' },
      { ...key, source: 's2' },
      { ...key, groupId: 'g:r', receiver: '' },
      { ...key, groupId: 'g', receiver: ':r' },
    ];
    for (const other of others) expect(await inbox().handle(other, run)).toBe(true);
  });

  it('throws what the function throws, and lets it run again', async () => {
    const key = newKey();
    const failing = inbox().handle(key, () => Promise.reject(new Error('not now')));
    await expect(failing).rejects.toThrow('not now');
    expect(await inbox().handle(key, () => {})).toBe(true);
  });

  it('runs once for concurrent deliveries', async () => {
    const key = newKey();
    const run = vi.fn();
    const handle = () => vi.waitFor(() => inbox().handle(key, run), { timeout: 60_000, interval: 5 });
    const ran = await Promise.all([handle(), handle(), handle()]);
    expect(ran.filter(Boolean)).toHaveLength(1);
    expect(run).toHaveBeenCalledOnce();
  });
}
