import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BufferFullError } from '../errors/bus-errors.js';
import { TransactionEndedError, TransactionRolledBackError } from '../errors/transaction-errors.js';
import { connectRoutes } from '../producing/connect-routes.js';
import { fakeProducer } from '../routes/fake-producer.test-support.js';
import { route } from '../routes/route.js';
import { deferred } from '../runtime/deferred.js';
import { silentLogger } from '../runtime/logger.js';
import { settle } from '../runtime/manual-clock.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { ada, defineUserSignal } from '../signals/fixtures.test-support.js';
import { snapshotSignals } from '../signals/registry.js';
import { publishOnCommit } from './publish-on-commit.js';

const restore = snapshotSignals();
const error = vi.fn();
beforeEach(() => {
  error.mockClear();
  configureEvents({ logger: { ...silentLogger, error } });
});
afterEach(restore);

/** A signal whose events leave on commit, a way to send one that is recognised by its id, and what the producer got. */
function onCommit() {
  const signal = defineUserSignal();
  const producer = fakeProducer();
  connectRoutes(producer, [
    route(signal, { topic: 'users', eventKeyField: 'user.pii.username', mode: 'on-commit' }),
  ]);
  const send = async (id: number) => {
    const [result] = await signal.sendEvent({ user: { ...ada, id } });
    return result;
  };
  const offered = () => producer.offered.map(({ data }) => (data as { user: { id: number } }).user.id);
  return { signal, producer, send, offered };
}
const fails = (message: string) => () => {
  throw new Error(message);
};

describe('publishOnCommit', () => {
  it('publishes what the work sent once it has resolved, in the order of the sends, and returns its result', async () => {
    const { send, offered, producer } = onCommit();
    const committed = deferred();
    const work = publishOnCommit(async () => {
      const first = await send(1);
      await send(2);
      await committed.promise;
      return first;
    });
    await settle();
    expect(offered()).toEqual([]);
    committed.resolve();
    const first = await work;
    expect(offered()).toEqual([1, 2]);
    const receipt = { eventId: 'e', topic: 'users', position: '0:1' };
    producer.offered[0]?.acceptance.resolve(receipt);
    if (first?.status === 'pending') expect(await first.receipt).toBe(receipt);
    expect(first?.status).toBe('pending');
  });

  it('publishes nothing when the work rejects: receipts reject with its error, which is thrown on', async () => {
    const { send, offered } = onCommit();
    const cause = new Error('the seat is gone');
    let receipt: Promise<unknown> | undefined;
    const work = publishOnCommit(async () => {
      const result = await send(1);
      if (result?.status === 'pending') receipt = result.receipt;
      throw cause;
    });
    await expect(work).rejects.toBe(cause);
    expect(offered()).toEqual([]);
    await expect(receipt).rejects.toThrow(TransactionRolledBackError);
    await expect(receipt).rejects.toMatchObject({ cause });
  });

  it('is not needed outside of a transaction: an event is published at once', async () => {
    const { send, offered } = onCommit();
    await send(1);
    expect(offered()).toEqual([1]);
  });

  it('waits for the outermost work, and drops only the events of an inner one that rejects', async () => {
    const { send, offered } = onCommit();
    await publishOnCommit(async () => {
      await send(1);
      await publishOnCommit(() => send(2));
      await publishOnCommit(async () => {
        await send(3);
        await publishOnCommit(() => send(4));
        fails('inner')();
      }).catch(() => {});
      expect(offered()).toEqual([]);
      await send(5);
    });
    expect(offered()).toEqual([1, 2, 5]);
  });

  it('drops the events of resolved inner work when the outermost rejects', async () => {
    const { send, offered } = onCommit();
    const work = publishOnCommit(async () => {
      await publishOnCommit(() => send(1));
      fails('outer')();
    });
    await expect(work).rejects.toThrow('outer');
    expect(offered()).toEqual([]);
  });

  it('takes work that is synchronous, and work that throws at once', async () => {
    const { send, offered } = onCommit();
    expect(await publishOnCommit(() => void send(1))).toBeUndefined();
    expect(offered()).toEqual([1]);
    await expect(publishOnCommit(fails('at once'))).rejects.toThrow('at once');
  });

  it('keeps parallel sends of one transaction together, and parallel transactions apart', async () => {
    const { send, offered } = onCommit();
    const [one, other] = [deferred(), deferred()];
    const works = [
      publishOnCommit(async () => {
        await Promise.all([send(1), send(2), send(3)]);
        await one.promise;
      }),
      publishOnCommit(async () => {
        await Promise.all([send(4), send(5)]);
        await other.promise;
        fails('rolled back')();
      }),
    ];
    works[1]?.catch(() => {});
    await settle();
    other.resolve();
    await expect(works[1]).rejects.toThrow('rolled back');
    expect(offered()).toEqual([]);
    one.resolve();
    await works[0];
    expect(offered()).toEqual([1, 2, 3]);
  });

  it('refuses an event that is sent after the work has ended, and says how to send it', async () => {
    const { send, offered } = onCommit();
    const goOn = deferred();
    let late: ReturnType<typeof send> | undefined;
    await publishOnCommit(() => {
      late = goOn.promise.then(() => send(1));
    });
    goOn.resolve();
    const result = await late;
    expect(result?.status).toBe('rejected');
    const reason = result?.status === 'rejected' ? result.reason : undefined;
    expect(reason).toBeInstanceOf(TransactionEndedError);
    expect(String(reason)).toContain('await sendEvent inside the transaction');
    expect(offered()).toEqual([]);
  });

  it('opens a transaction of its own in what ended work has left running', async () => {
    const { send, offered } = onCommit();
    const goOn = deferred();
    let later: Promise<unknown> | undefined;
    await publishOnCommit(() => {
      later = goOn.promise.then(() => publishOnCommit(() => send(1)));
    });
    goOn.resolve();
    await later;
    expect(offered()).toEqual([1]);
  });

  it('logs an event that the producer refuses after the commit, and publishes the others', async () => {
    const { producer, send, signal } = onCommit();
    const full = new BufferFullError('users', 1);
    const results = await publishOnCommit(async () => {
      const sent = [await send(1), await send(2)];
      producer.failure = full;
      return sent;
    });
    expect(error).toHaveBeenCalledTimes(2);
    expect(error).toHaveBeenCalledWith(
      { err: full, eventType: signal.eventType, eventId: expect.any(String), topic: 'users' },
      expect.stringContaining('after its transaction had committed'),
    );
    for (const result of results)
      if (result?.status === 'pending') await expect(result.receipt).rejects.toBe(full);
  });

  it('is one transaction for every copy of the package', async () => {
    const { send, offered } = onCommit();
    vi.resetModules();
    const copy = await import('./publish-on-commit.js');
    expect(copy.publishOnCommit).not.toBe(publishOnCommit);
    await copy.publishOnCommit(async () => {
      await send(1);
      expect(offered()).toEqual([]);
    });
    expect(offered()).toEqual([1]);
  });
});
