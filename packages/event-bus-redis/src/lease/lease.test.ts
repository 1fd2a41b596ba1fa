import { type Clock, configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NOT_HELD } from '../driver/fenced-command.js';
import { RecordingConnection, type ScriptedReply } from '../driver/recording-connection.test-support.js';
import { Lease } from './lease.js';

const LEASE_MS = 9_000;
const tokenEnd = Buffer.from(' 0e4cb0f2-95b5-4b5c-9d3f-0d8b8f3a6f10');

/** A clock whose sleepers wake when a test advances it. */
class TestClock implements Clock {
  #now = 0;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now = () => this.#now;
  monotonic = () => this.#now;

  sleep(durationMs: number, abortSignal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        abortSignal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#sleepers.push({ at: this.#now + durationMs, wake });
      abortSignal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** As a process that is frozen sees it: no sleeper wakes. */
  jump(durationMs: number): void {
    this.#now += durationMs;
  }

  async advance(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    for (;;) {
      const next = this.#sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
      for (let tick = 0; tick < 5; tick += 1) await new Promise(setImmediate);
    }
    this.#now = end;
  }
}

describe('Lease', () => {
  let clock: TestClock;
  let restore: Disposable;
  let reply: (command: string) => ScriptedReply;
  let connection: RecordingConnection;
  let lost: ReturnType<typeof vi.fn<() => void>>;
  let lease: Lease;
  beforeEach(() => {
    clock = new TestClock();
    restore = configureEvents({ clock });
    reply = () => 1;
    connection = new RecordingConnection((command) => reply(command));
    lost = vi.fn<() => void>();
    lease = new Lease({
      ...{ connection, stream: 's', groupId: 'g', token: 'me', leaseMs: LEASE_MS },
      ...{ commandTimeoutMs: 4_000, onLost: lost },
    });
  });
  afterEach(() => {
    lease.abandon();
    restore[Symbol.dispose]();
  });

  it('is acquired by a key that expires, and renewed every third of its time', async () => {
    expect(await lease.acquire()).toBe(0);
    expect(lease.isHeld).toBe(true);
    expect(connection.commands).toEqual([`SET s.g.lease me NX PX ${LEASE_MS}`, 'PTTL s.g.lease']);
    await clock.advance(LEASE_MS * 3);
    expect(lease.isHeld).toBe(true);
    const renewals = connection.commands.filter((command) => command.includes('PEXPIRE'));
    expect(renewals).toHaveLength(9);
    expect(lost).not.toHaveBeenCalled();
  });

  it('is freed and tried again when the process was frozen until the lease was no longer valid', async () => {
    reply = (command) => {
      if (command.startsWith('SET')) clock.jump(LEASE_MS);
      return 1;
    };
    expect(await lease.acquire()).toBeGreaterThan(0);
    expect(lease.isHeld).toBe(false);
    expect(connection.commands.at(-1)).toContain('DEL');
    expect(lost).not.toHaveBeenCalled();
    reply = () => 1;
    expect(await lease.acquire()).toBe(0);
    expect(lease.abortSignal?.aborted).toBe(false);
  });

  it('is tried again when the key of another member expires, at most one second later', async () => {
    reply = (command) => (command.startsWith('SET') ? null : 40);
    expect(await lease.acquire()).toBe(41);
    expect(lease.isHeld).toBe(false);
    reply = (command) => (command.startsWith('SET') ? null : 9_000);
    expect(await lease.acquire()).toBe(1_000);
  });

  it.each<[string, (command: string) => ScriptedReply, RegExp]>([
    [
      'never expires',
      (command) => (command.startsWith('PTTL') ? -1 : tokenEnd),
      /never expires: .*DEL s\.g\.lease/,
    ],
    [
      'expires in a day',
      (command) => (command.startsWith('PTTL') ? 86_400_000 : tokenEnd),
      /in 1440 minutes only/,
    ],
    [
      'has a value of another program',
      (command) => (command.startsWith('PTTL') ? 9_000 : Buffer.from('x')),
      /not written by a member/,
    ],
    ['is of another type', (command) => (command.startsWith('PTTL') ? 9_000 : 1), /not written by a member/],
  ])('waits a second when its key %s, and names the cure', async (_what, answer, problem) => {
    reply = (command) => (command.startsWith('SET') ? null : answer(command));
    expect(await lease.acquire()).toBe(1_000);
    expect(lease.problem).toMatch(problem);
    reply = () => 1;
    expect(await lease.acquire()).toBe(0);
    expect(lease.problem).toBeUndefined();
  });

  it('has no problem while another member holds it, or when its key has just expired', async () => {
    for (const [ttlMs, holder] of [
      [9_000, tokenEnd],
      [-2, 0],
      [600_000, tokenEnd],
    ] as const) {
      reply = (command) => (command.startsWith('SET') ? null : command.startsWith('PTTL') ? ttlMs : holder);
      await lease.acquire();
      expect(lease.problem).toBeUndefined();
    }
  });

  it('is lost when Redis replies that another member holds it', async () => {
    await lease.acquire();
    const signal = lease.abortSignal;
    reply = () => NOT_HELD;
    await clock.advance(LEASE_MS / 3);
    expect([lease.isHeld, signal?.aborted]).toEqual([false, true]);
    expect(lost).toHaveBeenCalledOnce();
  });

  it('is lost before the key expires when Redis stays unreachable', async () => {
    await lease.acquire();
    reply = () => {
      throw new InfrastructureError('unreachable');
    };
    await clock.advance(LEASE_MS * 0.9 - 1);
    expect(lost).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(lost).toHaveBeenCalledOnce();
    expect(lease.isHeld).toBe(false);
  });

  it('survives an outage that is shorter than its time', async () => {
    await lease.acquire();
    reply = () => {
      throw new InfrastructureError('unreachable');
    };
    await clock.advance(LEASE_MS * 0.6);
    reply = () => 1;
    await clock.advance(LEASE_MS);
    expect(lease.isHeld).toBe(true);
    expect(lost).not.toHaveBeenCalled();
  });

  it('is lost at once when Redis refuses to renew it', async () => {
    await lease.acquire();
    reply = () => new Error('NOPERM no permission');
    await clock.advance(LEASE_MS / 3);
    expect(lost).toHaveBeenCalledOnce();
  });

  it('deletes the key of this member only when it is released, and does not count as lost', async () => {
    await lease.release();
    expect(connection.commands).toEqual([]);
    await lease.acquire();
    await lease.release();
    expect(connection.commands.at(-1)).toMatch(/^EVAL .* 2 s\.g\.lease s me DEL s\.g\.lease$/s);
    expect(lost).not.toHaveBeenCalled();
    expect(lease.isHeld).toBe(false);
  });

  it('leaves the key to expire when it is abandoned', async () => {
    await lease.acquire();
    lease.abandon();
    await clock.advance(LEASE_MS);
    expect(connection.commands).toHaveLength(2);
    expect(lost).not.toHaveBeenCalled();
  });
});
