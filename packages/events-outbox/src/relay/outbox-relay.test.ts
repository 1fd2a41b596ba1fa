import { configureEvents, InfrastructureError, InvalidOptionsError } from '@openedx-ts/events-core';
import { noTelemetry } from '@openedx-ts/events-core/bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denied, FakeBus, tooLarge } from './fake-bus.test-support.js';
import { MemoryOutbox } from './memory-outbox.test-support.js';
import { OutboxRelay } from './outbox-relay.js';
import type { RelayOptions } from './relay-options.js';
import { settle, TestClock } from './test-clock.test-support.js';
import { textEntry } from './text-entry.test-support.js';

describe('OutboxRelay', () => {
  let clock: TestClock;
  let outbox: MemoryOutbox;
  let bus: FakeBus;
  let logged: { readonly level: string; readonly message: string; readonly facts: object }[];
  let facts: { readonly type: string }[];
  let settings: Disposable;
  let relays: OutboxRelay[];
  beforeEach(() => {
    clock = new TestClock();
    outbox = new MemoryOutbox();
    bus = new FakeBus();
    logged = [];
    facts = [];
    relays = [];
    const at = (level: string) => (facts: object, message: string) =>
      void logged.push({ level, facts, message });
    settings = configureEvents({
      clock,
      random: () => 1,
      logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
      telemetry: { ...noTelemetry, record: (fact) => facts.push(fact) },
    });
  });
  afterEach(async () => {
    bus.answer();
    outbox.unhang();
    const closing = relays.map((relay) => relay.close());
    await clock.advance(20_000);
    await Promise.all(closing);
    await clock.advance(20_000);
    settings[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });

  function relayOf(options: RelayOptions = {}): OutboxRelay {
    const relay = new OutboxRelay({
      database: outbox.database,
      store: outbox.store,
      producer: bus.producer,
      options,
    });
    relays.push(relay);
    return relay;
  }

  /** Starts a relay, and waits until it has the lease. */
  async function started(options: RelayOptions = {}): Promise<OutboxRelay> {
    const relay = relayOf(options);
    void relay.run();
    await settle();
    return relay;
  }

  it('publishes what was committed in its order, and removes it', async () => {
    outbox.commit('t', 'a', 'b', 'a');
    const relay = await started();
    expect(bus.keysOf('t')).toEqual(['a', 'b', 'a']);
    expect(outbox.rows).toEqual([]);
    outbox.commit('t', 'c');
    await clock.advance(100);
    expect(bus.keysOf('t')).toEqual(['a', 'b', 'a', 'c']);
    expect(relay.health()).toEqual({ live: true, ready: true, reasons: [] });
  });

  it('publishes at once when it is nudged', async () => {
    const relay = await started();
    await clock.advance(10);
    outbox.commit('t', 'a');
    relay.nudge();
    await settle();
    expect(bus.keysOf('t')).toEqual(['a']);
  });

  it('publishes in batches of maxBatchRows, one after another', async () => {
    outbox.commit('t', ...Array.from({ length: 7 }, (_, index) => `k${index}`));
    await started({ maxBatchRows: 3 });
    expect(bus.batches.map(({ size }) => size)).toEqual([3, 3, 1]);
    expect(bus.maxInFlight).toBe(1);
    expect(outbox.rows).toEqual([]);
  });

  describe('order', () => {
    it('publishes an entry that commits behind those in flight before later ones of its key', async () => {
      await started({ maxBatchRows: 1 });
      const late = outbox.append('t', 'a');
      bus.hang();
      outbox.commit('t', 'b');
      await clock.advance(100);
      late.commit();
      const later = outbox.commit('t', 'a', 'a');
      bus.answer();
      await clock.advance(100);
      expect(bus.accepted.slice(1).map(({ id }) => id)).toEqual([late.row.eventId, ...later]);
    });

    it('publishes an entry that commits long after later ones of other keys before later ones of its key', async () => {
      await started();
      const late = outbox.append('t', 'a');
      outbox.commit('t', 'b');
      await clock.advance(9_000); // less than a sweep
      late.commit();
      const [later] = outbox.commit('t', 'a');
      await clock.advance(100);
      expect(bus.accepted.slice(1).map(({ id }) => id)).toEqual([late.row.eventId, later]);
    });

    it('does not read over deleted rows again, once nothing can appear among them', async () => {
      await started();
      outbox.commit('t', 'a', 'b', 'c');
      await clock.advance(5_000);
      outbox.commit('t', 'd');
      await clock.advance(200);
      expect(outbox.reads.at(-1)?.after).toBeGreaterThanOrEqual(3n);
    });

    it('does not read over them either while a lane is always in use', async () => {
      await started();
      outbox.commit('t', 'a');
      let open = outbox.append('t', 'a');
      for (let round = 0; round < 30; round += 1) {
        await clock.advance(100);
        open.commit();
        open = outbox.append('t', 'a');
      }
      await clock.advance(100);
      open.commit();
      await clock.advance(100);
      expect(outbox.reads.at(-1)?.after).toBeGreaterThan(10n);
    });

    it('reads from the first entry less often while that takes long', async () => {
      await started();
      outbox.commit('t', 'a');
      await clock.advance(9_900);
      const sweeps = () => outbox.reads.filter(({ after }) => after === 0n).length;
      const before = sweeps();
      outbox.hang();
      await clock.advance(2_000);
      outbox.unhang();
      await clock.advance(29_000);
      expect(sweeps()).toBe(before + 1);
      await clock.advance(15_000);
      expect(sweeps()).toBe(before + 2);
    });

    it('finds an entry at a position that it has passed, within ten seconds', async () => {
      await started();
      outbox.commit('t', 'a', 'b', 'c');
      await clock.advance(5_000);
      const restored = outbox.append('t', 'z', { position: 1n });
      restored.commit();
      await clock.advance(10_000);
      expect(bus.keysOf('t')).toEqual(['a', 'b', 'c', 'z']);
    });

    it('keeps the order of a key when a part of a batch fails', async () => {
      let refusals = 2;
      bus.refusal = ({ topic, key }) => {
        if (key.text !== 'a' || refusals === 0) return undefined;
        refusals -= 1;
        return denied(topic);
      };
      const ids = outbox.commit('t', 'a', 'b', 'a', 'b', 'a');
      await started({ maxBatchRows: 2 });
      await clock.advance(2_000);
      const ofKey = bus.accepted.filter(({ key }) => key === 'a').map(({ id }) => id);
      expect(ofKey).toEqual([ids[0], ids[2], ids[4]]);
      expect(new Set(bus.accepted.map(({ id }) => id)).size).toBe(bus.accepted.length);
    });
  });

  describe('a bus that refuses', () => {
    it('keeps the entries of a topic without limit, and publishes other topics', async () => {
      bus.refusal = ({ topic }) => (topic === 'denied' ? denied(topic) : undefined);
      outbox.commit('denied', 'a', 'b');
      const relay = await started();
      await clock.advance(300_000);
      outbox.commit('open', 'a');
      await clock.advance(100);
      expect(bus.keysOf('open')).toEqual(['a']);
      expect(outbox.parked).toEqual([]);
      expect(outbox.rows.map(({ topic }) => topic)).toEqual(['denied', 'denied']);
      expect(relay.health()).toMatchObject({ live: true, ready: false });
      expect(relay.health().reasons).toEqual([expect.stringMatching(/^topic denied: .*access denied/)]);
      bus.refusal = () => undefined;
      await clock.advance(2_000);
      expect(bus.keysOf('denied')).toEqual(['a', 'b']);
      expect(relay.health()).toEqual({ live: true, ready: true, reasons: [] });
    });

    it('is tried with one entry at most once a second, and logged at growing intervals', async () => {
      bus.refusal = ({ topic }) => denied(topic);
      outbox.commit('t', ...Array.from({ length: 50 }, (_, index) => `k${index}`));
      await started();
      await clock.advance(10_000);
      expect(bus.batches[0]?.size).toBe(50);
      expect(bus.batches.slice(1).every(({ size }) => size === 1)).toBe(true);
      expect(bus.batches.length).toBeLessThan(20);
      expect(logged.filter(({ level }) => level === 'warn')).toHaveLength(1);
    });

    it('is named in health no longer once somebody has deleted its entries', async () => {
      bus.refusal = ({ topic }) => denied(topic);
      const relay = await started();
      outbox.commit('t', 'a');
      await clock.advance(2_000);
      expect(relay.health().ready).toBe(false);
      outbox.rows.length = 0;
      await clock.advance(2_000);
      expect(relay.health()).toEqual({ live: true, ready: true, reasons: [] });
    });

    it('is named in health while it does not answer', async () => {
      const relay = await started();
      bus.hang();
      outbox.commit('t', 'a');
      await clock.advance(4_000);
      expect(relay.health().ready).toBe(true);
      await clock.advance(4_000);
      expect(relay.health()).toMatchObject({
        ...{ live: true, ready: false },
        reasons: [expect.stringMatching(/^topic t: the bus has not answered for \d+ s$/)],
      });
      bus.answer();
      await clock.advance(100);
      expect(relay.health().ready).toBe(true);
    });

    it('does not block others, however many topics are refused', async () => {
      bus.refusal = ({ topic }) => (topic === 'open' ? undefined : denied(topic));
      for (let index = 0; index < 100; index += 1) outbox.commit(`denied-${index}`, 'a');
      const relay = await started();
      await clock.advance(2_000);
      outbox.commit('open', 'a');
      await clock.advance(100);
      expect(bus.keysOf('open')).toEqual(['a']);
      expect(relay.health().reasons).toHaveLength(11);
      expect(relay.health().reasons.at(-1)).toBe('and 90 more topics');
    });

    it('does not keep busy topics from others', async () => {
      for (let index = 0; index < 20; index += 1) outbox.commit(`t${index}`, ...Array(30).fill('a'));
      await started({ maxBatchRows: 5 });
      await clock.advance(1_000);
      expect(outbox.rows).toEqual([]);
      expect(bus.maxInFlight).toBeLessThanOrEqual(8);
      const topics = new Set(bus.batches.slice(0, 60).map(({ topic }) => topic));
      expect(topics.size).toBe(20);
    });
  });

  describe('an event that the bus never accepts', () => {
    beforeEach(() => {
      bus.refusal = ({ topic, key }) => (key.text === 'large' ? tooLarge(topic) : undefined);
    });

    it('is parked with its reason, and others are published', async () => {
      const [id] = outbox.commit('t', 'large', 'a');
      await started();
      expect(bus.keysOf('t')).toEqual(['a']);
      expect(outbox.parked).toMatchObject([
        {
          eventId: id,
          code: 'EVENTS_PRODUCE_FAILED',
          reason: expect.stringContaining('too large'),
          attempts: 1,
        },
      ]);
      expect(facts).toContainEqual(
        expect.objectContaining({ type: 'outbox.parked', topic: 't', eventId: id }),
      );
      expect(logged.filter(({ level }) => level === 'error')).toMatchObject([
        { facts: { eventId: id, count: 1 } },
      ]);
    });

    it('does not keep later events of its key', async () => {
      let isFirst = true;
      bus.refusal = ({ topic }) => {
        const refusal = isFirst ? tooLarge(topic) : undefined;
        isFirst = false;
        return refusal;
      };
      const [, ...ids] = outbox.commit('t', 'a', 'a', 'a', 'a');
      await started({ maxBatchRows: 2 });
      expect(bus.accepted.map(({ id }) => id)).toEqual(ids);
    });

    it('keeps later events of its key with hold-key, until somebody decides', async () => {
      let isFirst = true;
      bus.refusal = ({ topic, key }) => {
        const refusal = isFirst && key.text === 'a' ? tooLarge(topic) : undefined;
        if (refusal !== undefined) isFirst = false;
        return refusal;
      };
      outbox.commit('t', 'a', 'b', 'a', 'b');
      await started({ maxBatchRows: 2, whenParked: 'hold-key' });
      await clock.advance(30_000);
      expect(bus.keysOf('t')).toEqual(['b', 'b']);
      expect(outbox.rows).toHaveLength(1);
      outbox.commit('t', 'a');
      outbox.parked.length = 0; // discarded
      await clock.advance(100);
      expect(bus.keysOf('t')).toEqual(['b', 'b', 'a', 'a']);
    });
  });

  it('publishes an event whose id is in upper case, which PostgreSQL stores in lower case', async () => {
    const { eventId, metadata } = textEntry('t', 'a');
    const upper = metadata.replace(eventId, eventId.toUpperCase());
    outbox.append('t', 'a', { eventId, metadata: upper }).commit();
    await started();
    expect(bus.accepted).toMatchObject([{ id: eventId.toUpperCase() }]);
    expect(outbox.parked).toEqual([]);
  });

  it('publishes an event although a later one of its key cannot be used, which waits behind it with hold-key', async () => {
    bus.refusal = ({ topic }) => denied(topic);
    const [id] = outbox.commit('t', 'a');
    outbox.append('t', 'a', { record: Uint8Array.of(8) }).commit();
    await started({ whenParked: 'hold-key' });
    expect(outbox.parked).toEqual([]);
    bus.refusal = () => undefined;
    await clock.advance(2_000);
    expect(bus.accepted).toMatchObject([{ id }]);
    expect(outbox.parked).toMatchObject([{ code: 'EVENTS_OUTBOX_UNUSABLE_ENTRY' }]);
  });

  it.each<[string, object, RegExp]>([
    ['its metadata was changed to no JSON', { metadata: '{"id": ' }, /metadata is no JSON/],
    ['a field of its metadata is missing', { metadata: '{"id": "x"}' }, /its metadata: .*sourcelib/],
    ['its type differs from its metadata', { eventType: 'org.openedx.test.other.v1' }, /event_type differs/],
    [
      'its id differs from its metadata',
      { eventId: '0198c0de-0000-7000-8000-000000000000' },
      /event_id differs/,
    ],
    ['its record was cut', { record: Uint8Array.of(8, 97) }, /its record: the bytes end|its record: /],
    ['its key was cut', { keyBytes: Uint8Array.of(8) }, /its key_bytes: /],
    ['its schema is gone', { recordSchema: 'ffff' }, /record_schema ffff is not stored: .*redrive/],
  ])('parks a row when %s, and publishes the others', async (_, fields, reason) => {
    const changed = outbox.append('t', 'a', fields).commit();
    outbox.commit('t', 'b', 'a');
    await started();
    expect(bus.keysOf('t')).toEqual(['b', 'a']);
    expect(outbox.parked).toMatchObject([
      {
        position: changed.position,
        code: 'EVENTS_OUTBOX_UNUSABLE_ENTRY',
        reason: expect.stringMatching(reason),
      },
    ]);
    expect(outbox.parked[0]?.reason).toContain('the entry of topic t at position 1');
  });

  describe('a database that fails', () => {
    it('does not publish an event twice because its removal failed', async () => {
      outbox.commit('t', 'a');
      outbox.failing = 'removePublished';
      const relay = await started();
      await clock.advance(3_000);
      expect(relay.health().reasons).toEqual([
        'the database of the outbox: it cannot remove published entries: permission denied',
      ]);
      outbox.failing = undefined;
      await clock.advance(3_000);
      expect(bus.keysOf('t')).toEqual(['a']);
      expect(outbox.rows).toEqual([]);
      expect(relay.health().ready).toBe(true);
    });

    it('is not called unreachable for a deadlock, after which nothing is read again from the first entry', async () => {
      outbox.commit('t', 'a');
      const relay = await started();
      await clock.advance(2_000);
      const readBefore = outbox.reads.length;
      outbox.failing = 'removePublished';
      const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
      outbox.failure = new InfrastructureError('the database failed: a conflict', { cause: deadlock });
      outbox.commit('t', 'a');
      await clock.advance(200);
      expect(relay.health().reasons).toEqual([
        'the database of the outbox: it cannot remove published entries: the database failed: a conflict',
      ]);
      outbox.failing = undefined;
      await clock.advance(1_000);
      expect(relay.health().ready).toBe(true);
      const warnings = logged.filter(({ level }) => level === 'warn').map(({ message }) => message);
      expect(warnings).toEqual([
        expect.stringContaining('for a conflict with another transaction'),
        expect.stringContaining('executes the statements of the relay again'),
      ]);
      const sweeps = outbox.reads.slice(readBefore).filter(({ after }) => after === 0n);
      expect(sweeps).toEqual([]);
    });

    it('publishes no more than two batches whose removal is outstanding', async () => {
      outbox.failing = 'removePublished';
      outbox.commit('t', ...Array.from({ length: 10 }, (_, index) => `k${index}`));
      await started({ maxBatchRows: 2 });
      await clock.advance(5_000);
      expect(bus.accepted).toHaveLength(4);
    });

    it('is logged once, and the relay goes on when it is back', async () => {
      const relay = await started();
      outbox.isDown = true;
      await clock.advance(60_000);
      expect(relay.health()).toMatchObject({ live: true, ready: false });
      outbox.isDown = false;
      outbox.commit('t', 'a');
      await clock.advance(12_000);
      expect(bus.keysOf('t')).toEqual(['a']);
      const warnings = logged.filter(({ level }) => level === 'warn').map(({ message }) => message);
      expect(warnings).toEqual([
        expect.stringContaining('the relay tries again'),
        expect.stringContaining('reachable again'),
      ]);
    });
  });

  describe('the lease', () => {
    it('lets one of two relays publish, and the other stand by', async () => {
      const first = await started();
      const second = await started();
      outbox.commit('t', 'a');
      await clock.advance(60_000);
      expect(bus.keysOf('t')).toEqual(['a']);
      expect([first, second].map((relay) => relay.health().ready)).toEqual([true, true]);
      expect(outbox.lease?.term).toBe(1n);
    });

    it('passes at once when the holder stops', async () => {
      const first = await started();
      await started();
      await first.close();
      await clock.advance(500);
      expect(outbox.lease?.term).toBe(1n);
      outbox.commit('t', 'a');
      await clock.advance(100);
      expect(bus.keysOf('t')).toEqual(['a']);
    });

    it('is taken from a relay that has died, leaseMs after its last beat', async () => {
      outbox.lease = { holder: 'dead', host: 'h', term: 7n, beat: 3n };
      outbox.commit('t', 'a');
      await started();
      await clock.advance(9_900);
      expect(bus.accepted).toEqual([]);
      await clock.advance(600);
      expect(bus.keysOf('t')).toEqual(['a']);
      expect(outbox.lease).toMatchObject({ term: 8n });
    });

    it('ends by itself for a relay that was frozen: it publishes nothing more', async () => {
      const relay = await started({ maxBatchRows: 1 });
      bus.hang();
      outbox.commit('t', 'a', 'b', 'c');
      await clock.advance(100);
      expect(bus.accepted).toHaveLength(1);
      clock.freeze(9_500);
      outbox.lease = { holder: 'other', host: 'h', term: 9n, beat: 0n };
      bus.answer();
      await settle();
      expect(bus.accepted).toHaveLength(1);
      await clock.advance(1_000);
      expect(bus.accepted).toHaveLength(1);
      expect(relay.health().ready).toBe(true);
    });

    it('is lost when the database does not renew it in time', async () => {
      await started();
      outbox.isDown = true;
      await clock.advance(9_100);
      outbox.commit('t', 'a');
      outbox.lease = { holder: 'other', host: 'h', term: 9n, beat: 0n };
      outbox.isDown = false;
      const before = outbox.reads.length;
      await clock.advance(5_000);
      expect(bus.accepted).toEqual([]);
      expect(outbox.reads.length).toBe(before);
    });
  });

  describe('the end', () => {
    it('waits for the batch in flight, removes what was accepted and frees the lease', async () => {
      const relay = await started({ maxBatchRows: 1 });
      bus.hang();
      outbox.commit('t', 'a', 'b');
      await clock.advance(100);
      const closed = relay.close();
      await settle();
      bus.answer();
      await closed;
      expect(bus.keysOf('t')).toEqual(['a']);
      expect(outbox.rows.map(({ key }) => key)).toEqual(['b']);
      expect(outbox.lease).toBeUndefined();
      expect(clock.pending).toBe(0);
    });

    it('does not wait longer than closeTimeoutMs for a bus that does not answer', async () => {
      const relay = await started({ closeTimeoutMs: 2_000 });
      bus.hang();
      outbox.commit('t', 'a');
      await clock.advance(100);
      let isClosed = false;
      void relay.close().then(() => {
        isClosed = true;
      });
      await clock.advance(1_900);
      expect(isClosed).toBe(false);
      await clock.advance(1_200);
      expect(isClosed).toBe(true);
      expect(outbox.lease).toBeUndefined();
    });

    it('does not wait for a database that does not answer', async () => {
      outbox.hang();
      const relay = await started();
      await relay.close();
      expect(relay.health()).toMatchObject({ live: false, ready: false });
    });

    it('does not wait for it either while the lease is held', async () => {
      const relay = await started({ closeTimeoutMs: 2_000 });
      outbox.hang();
      await clock.advance(200);
      let isClosed = false;
      void relay.close().then(() => {
        isClosed = true;
      });
      await clock.advance(4_100);
      expect(isClosed).toBe(true);
    });

    it('sends no further statement', async () => {
      const relay = await started();
      outbox.commit('t', 'a');
      await clock.advance(500);
      outbox.hang('topics');
      await clock.advance(1_000); // it is time to look at the lanes, too
      const sent = outbox.statements.length;
      const closed = relay.close();
      await settle();
      outbox.unhang();
      await closed;
      await settle();
      expect(outbox.statements.slice(sent)).toEqual(['releaseLease']);
    });

    it('reads nothing for topics that wait for others', async () => {
      bus.hang();
      for (let index = 0; index < 20; index += 1) outbox.commit(`t${index}`, 'a');
      const relay = await started();
      const before = outbox.reads.length;
      const closed = relay.close();
      await settle();
      bus.answer();
      await closed;
      expect(outbox.reads.slice(before)).toEqual([]);
    });

    it('frees a lease that was taken while it came', async () => {
      const relay = relayOf();
      outbox.hang('takeLease');
      void relay.run();
      await settle();
      const closed = relay.close();
      await settle();
      outbox.unhang();
      await closed;
      expect(outbox.statements).toEqual(['readLease', 'takeLease', 'releaseLease']);
      expect(outbox.lease).toBeUndefined();
    });

    it('waits for a second at most to hear whether the lease was taken', async () => {
      const relay = relayOf();
      outbox.hang('takeLease');
      void relay.run();
      await settle();
      let isClosed = false;
      void relay.close().then(() => {
        isClosed = true;
      });
      await clock.advance(1_000);
      expect(isClosed).toBe(true);
    });

    it('comes with the abort signal, too, and twice is as good as once', async () => {
      const relay = relayOf();
      const abort = new AbortController();
      const running = relay.run({ abortSignal: abort.signal });
      await settle();
      abort.abort();
      await running;
      await relay.close();
      await relay.close();
      await expect(relay.run()).rejects.toThrow('run is not possible');
    });

    it('lets a relay that never ran be closed', async () => {
      const relay = relayOf();
      await relay.close();
      await relay.run();
      expect(outbox.lease).toBeUndefined();
    });
  });

  it('keeps published entries for keepPublishedMs', async () => {
    outbox.commit('t', 'a');
    await started({ keepPublishedMs: 60_000 });
    expect(outbox.kept).toMatchObject([{ busPosition: '0:1' }]);
    await clock.advance(60_000);
    expect(outbox.purges).toEqual([60_000, 60_000]);
  });

  it('records what it publishes, and the state of the outbox', async () => {
    outbox.commit('t', 'a', 'b');
    bus.hang();
    await started();
    bus.answer();
    await settle();
    expect(facts).toContainEqual({
      type: 'outbox.published',
      topic: 't',
      count: 2,
      durationMs: expect.any(Number),
    });
    expect(facts).toContainEqual(
      expect.objectContaining({ type: 'outbox.state', pending: 2, oldestAgeMs: 5, parked: 0 }),
    );
  });

  it('counts what waits behind the rows that it has removed, although a sweep is due too', async () => {
    outbox.commit('t', 'a', 'b');
    await started();
    await clock.advance(10_000);
    expect(outbox.statesAfter).toEqual([new Map(), new Map([['t', 2n]])]);
  });

  it.each<[object]>([
    [{ leaseMs: 0 }],
    [{ maxBatchRows: 0 }],
    [{ maxBatchBytes: 0.5 }],
    [{ pollIntervalMs: 0 }],
    [{ whenParked: 'stop' }],
    [{ keepPublishedMs: -1 }],
    [{ leaseMS: 5 }],
  ])('refuses the options %j', (options) => {
    expect(() => relayOf(options)).toThrow(InvalidOptionsError);
  });
});
