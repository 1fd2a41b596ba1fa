import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { broker } from '../memory-bus.test-support.js';
import { INVOICE_PAID } from '../own-events.test-support.js';
import { run } from '../run.test-support.js';
import { type DatabaseUnderTest, OutboxUnderTest } from './outbox-under-test.test-support.js';

/** Tests the commands of the outbox on one kind of database. */
export function describeOutboxCommands(title: string, target: () => DatabaseUnderTest): void {
  describe(title, () => {
    const test = new OutboxUnderTest(target);
    const outbox = (...args: readonly string[]) => test.run(...args);
    const append = (...numbers: readonly number[]) => test.append(...numbers);
    const pending = () => test.pending();
    const park = (count: number) => test.park(count);
    const storeOf = (table?: string) => test.storeOf(table);

    it('creates the tables, and does nothing the second time', async () => {
      const table = `billing_${randomUUID().slice(0, 8)}`;
      const first = await outbox('migrate', '--table', table);
      expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"from":0,"to":\d+\}\n$/) });
      expect(first.stderr).toMatch(/were brought from version 0 to \d+\n$/);
      const second = await outbox('migrate', '--table', table);
      expect(second).toMatchObject({ code: 0, stderr: expect.stringMatching(/have version \d+ already\n$/) });
      await storeOf(table).checkVersion(test.database);
    });

    it('names the missing table and the command that creates it', async () => {
      const { code, stdout, stderr } = await outbox('status', '--table', 'no_outbox');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /the outbox table no_outbox does not exist: run "openedx-events outbox migrate".*\[EVENTS_OUTBOX_TABLES\]/,
      );
    });

    it('shows what waits, as a table and as JSON', async () => {
      await append(1, 2, 3);
      await park(1);
      const { code, stdout, stderr } = await outbox('status');
      expect(code).toBe(0);
      const cells = stdout.split('\n').map((line) => line.split(/ {2,}/));
      expect(cells[0]).toEqual(['TOPIC', 'PENDING', 'OLDEST', 'PARKED']);
      expect(cells[1]).toEqual([test.topic, '2', expect.stringMatching(/^\d+ m?s$|^-$/), '1']);
      expect(stderr).toBe('no relay holds the lease\n');
      expect((await outbox('status', '--count-up-to', '2')).stdout).toContain('2 or more');
      const json = JSON.parse((await outbox('status', '--json')).stdout);
      expect(json).toEqual({
        topics: [{ topic: test.topic, pending: 2, oldest_age_ms: expect.any(Number), parked: 1 }],
        published: 0,
        lease: null,
      });
    });

    it('shows parked events, their data only with --payload and masked', async () => {
      await append(1, 2);
      await park(2);
      const plain = await outbox('show', '-t', test.topic);
      const [line, second] = plain.stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text));
      expect(plain.code).toBe(0);
      expect(line).toEqual({
        topic: test.topic,
        position: expect.stringMatching(/^\d+$/),
        event_type: INVOICE_PAID.eventType,
        event_id: expect.any(String),
        code: 'TOO_LARGE',
        reason: 'it is too large',
        attempts: 2,
        appended_at: expect.stringMatching(/^20\d\d-.*Z$/),
        parked_at: expect.stringMatching(/^20\d\d-.*Z$/),
        key_bytes: expect.any(Number),
        value_bytes: expect.any(Number),
      });
      const one = await outbox('show', '--position', second.position, '--payload');
      const { data } = JSON.parse(one.stdout);
      expect(data.invoice).toMatchObject({ number: 2, channel: 'shop' });
      expect(one.stdout).not.toContain('for Ann');
      expect((await outbox('show', '--code', 'OTHER')).stderr).toBe('no parked events match\n');
      expect((await outbox('show', '--limit', '1')).stdout.trimEnd().split('\n')).toHaveLength(1);
    });

    it('redrives parked events and prints what each now comes after', async () => {
      await append(1, 1, 1);
      await park(1);
      expect((await outbox('redrive', '--all', '--dry-run')).stderr).toBe(
        '1 parked event would be made pending again\n',
      );
      const { code, stdout, stderr } = await outbox('redrive', '--topic', test.topic);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        topic: test.topic,
        pending_ahead: 2,
        published_ahead: 0,
        parked_before: 0,
      });
      expect(stderr).toContain('1 parked event was made pending again\n');
      const { parked_position: before, position: now } = JSON.parse(stdout);
      expect(BigInt(now)).toBeGreaterThan(BigInt(before));
      expect(await pending()).toHaveLength(3);
    });

    it('puts parked events back at their own positions with --in-place', async () => {
      await append(1, 1);
      const positions = (await pending()).map(({ position }) => position);
      await park(1);
      expect(await outbox('redrive', '--all', '--in-place')).toMatchObject({ code: 0, stdout: '' });
      expect((await pending()).map(({ position }) => position)).toEqual(positions);
    });

    it('discards parked events only with --yes', async () => {
      await append(1, 2);
      await park(2);
      expect(await outbox('discard', '--all')).toMatchObject({
        ...{ code: 2, stderr: expect.stringContaining('add --yes to confirm') },
      });
      expect((await outbox('discard', '--all', '--dry-run')).stderr).toBe(
        '2 parked events would be discarded\n',
      );
      const { event_id: id } = JSON.parse((await outbox('show', '--limit', '1')).stdout);
      expect((await outbox('discard', '--id', id, '--yes')).stderr).toContain('1 parked event was discarded');
      expect((await outbox('show')).stdout.trimEnd().split('\n')).toHaveLength(1);
    });

    it.each([['redrive'], ['discard', '--yes']])('%s refuses to guess what is meant', async (...args) => {
      const { code, stderr } = await outbox(...args);
      expect(code).toBe(2);
      expect(stderr).toContain('selects nothing');
    });

    it('purges published events that were kept', async () => {
      await append(1);
      const [entry] = await pending();
      const published = [
        { position: entry?.position ?? 0n, eventId: entry?.eventId ?? '', busPosition: '0:1' },
      ];
      await test.database.transaction((_, executor) =>
        storeOf().removePublished(executor, test.topic, published, { keep: true }),
      );
      expect(await outbox('purge', '--older-than', '0s')).toMatchObject({
        ...{ code: 2, stderr: expect.stringContaining('add --yes to confirm') },
      });
      expect((await outbox('status')).stderr).toContain('published and kept: 1\n');
      expect((await outbox('purge', '--older-than', '0s', '--dry-run')).stderr).toBe(
        '1 published event would be purged\n',
      );
      expect((await outbox('purge', '--older-than', '1h', '--yes')).stderr).toBe(
        '0 published events were purged\n',
      );
      expect((await outbox('purge', '--older-than', '0s', '--yes')).stderr).toBe(
        '1 published event was purged\n',
      );
    });

    it('erases the events of one person with --field: parked ones and published ones', async () => {
      await append(1, 2, 1, 2);
      await park(2);
      const kept = (await pending()).map(({ position, eventId }) => ({ position, eventId, busPosition: '' }));
      await test.database.transaction((_, executor) =>
        storeOf().removePublished(executor, test.topic, kept, { keep: true }),
      );
      const [field, other] = [
        ['--field', 'invoice.number=2'],
        ['--field', 'invoice.note=nobody-at-all'],
      ] as const;
      expect((await outbox('discard', ...field, '--dry-run')).stderr).toBe(
        '1 parked event would be discarded\n',
      );
      expect((await outbox('discard', ...other, '--yes')).stderr).toBe('0 parked events were discarded\n');
      expect((await outbox('discard', ...field, '--yes')).stderr).toContain('1 parked event was discarded\n');
      expect((await outbox('purge', ...field, '--older-than', '1h', '--dry-run')).stderr).toContain('0 pub');
      expect((await outbox('purge', ...field, '--dry-run')).stderr).toBe(
        '1 published event would be purged\n',
      );
      expect((await outbox('purge', ...field, '--yes')).stderr).toBe('1 published event was purged\n');
      expect((await outbox('purge', ...other, '--yes')).stderr).toBe('0 published events were purged\n');
      expect((await outbox('status')).stderr).toContain('published and kept: 1\n');
      const rest = await outbox('show', '--payload');
      expect(JSON.parse(rest.stdout).data.invoice.number).toBe(1);
      await test.database.query("UPDATE event_outbox_published SET event_type = 'com.example.gone.v1'");
      expect((await outbox('purge', ...field, '--yes')).stderr).toContain(
        '1 event was kept, because --field',
      );
    });

    it('publishes what is pending until it is stopped, and frees the lease', async () => {
      await append(1, 2, 1);
      const stop = new AbortController();
      const running = run(['outbox', 'relay', ...test.bus, '--verbose'], {
        env: { DATABASE_URL: test.url },
        abortSignal: stop.signal,
      });
      await vi.waitFor(async () => expect(await pending()).toEqual([]), { timeout: 60_000, interval: 50 });
      await vi.waitFor(async () => {
        const { lease } = JSON.parse((await outbox('status', '--json')).stdout);
        expect(lease).toMatchObject({ holder: expect.any(String), renewed_ms_ago: expect.any(Number) });
      });
      stop.abort('SIGTERM');
      const { code, stdout, stderr } = await running;
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toContain('info: this relay holds the lease of the outbox and publishes');
      expect(JSON.parse((await outbox('status', '--json')).stdout)).toMatchObject({
        topics: [],
        lease: null,
      });
      expect(broker.messages(test.topic)).toHaveLength(3);
    });

    it('publishes the batch in flight and no other after Ctrl-C, removes what was accepted and frees the lease', async () => {
      await append(...Array.from({ length: 400 }, (_, index) => index));
      const stop = new AbortController();
      const args = ['--batch', '1', '--poll', '10ms', '--lease', '2s'];
      const running = run(['outbox', 'relay', ...test.bus, ...args], {
        env: { DATABASE_URL: test.url },
        abortSignal: stop.signal,
      });
      await vi.waitFor(() => expect(broker.messages(test.topic).length).toBeGreaterThan(2), {
        ...{ timeout: 60_000, interval: 5 },
      });
      stop.abort('SIGINT');
      expect(await running).toMatchObject({ code: 130, stdout: '' });
      const published = broker.messages(test.topic).length;
      expect(published).toBeLessThan(400);
      expect(await pending()).toHaveLength(Math.min(100, 400 - published));
      expect((await outbox('status', '--json')).stdout).toContain(`"pending":${400 - published}`);
      expect(JSON.parse((await outbox('status', '--json')).stdout).lease).toBeNull();
    });

    it('does not show the password, whatever is wrong with it', async () => {
      const wrong = new URL(test.url);
      wrong.username = 'ann';
      wrong.password = 'wrong-pass%40word';
      for (const args of [['status'], ['status', '--debug']]) {
        const { stdout, stderr } = await run(['outbox', ...args, '--database', wrong.href]);
        expect(stdout + stderr).not.toMatch(/wrong-pass/);
      }
    });
  });
}
