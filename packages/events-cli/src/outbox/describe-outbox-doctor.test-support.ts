import { describe, expect, it } from 'vitest';
import { run } from '../run.test-support.js';
import { type DatabaseUnderTest, OutboxUnderTest } from './outbox-under-test.test-support.js';

/** Tests what `doctor` finds in the outbox of one kind of database. */
export function describeOutboxDoctor(title: string, target: () => DatabaseUnderTest): void {
  describe(title, () => {
    const test = new OutboxUnderTest(target);
    const append = (...numbers: readonly number[]) => test.append(...numbers);
    const park = (count: number) => test.park(count);
    const storeOf = () => test.storeOf();

    describe('doctor', () => {
      const outboxLines = async (...args: readonly string[]) => {
        const { stdout } = await run(['doctor', ...test.bus, '--json', ...args], {
          env: { DATABASE_URL: test.url, EVENT_BUS_PRODUCER_MODE: 'outbox' },
        });
        const findings = stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
        return findings.filter(({ subject }) => subject.startsWith('outbox'));
      };

      it('names parked events, a relay that is missing and events that wait, each with its cure', async () => {
        await append(1, 2);
        await park(1);
        const age = test.database.dialect === 'mysql' ? 'INTERVAL 5 MINUTE' : "INTERVAL '5 minutes'";
        await test.database.query(`UPDATE event_outbox SET appended_at = appended_at - ${age}`);
        const findings = await outboxLines();
        expect(findings).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ subject: 'outbox tables', verdict: 'ok' }),
            expect.objectContaining({
              subject: 'outbox relay',
              verdict: 'problem',
              message: 'no relay holds the lease, and events wait',
              cure: expect.stringContaining('openedx-events outbox relay'),
            }),
            expect.objectContaining({
              subject: `outbox topic ${test.topic}`,
              verdict: 'warning',
              message: expect.stringMatching(/^its oldest pending event waits for 30\d s$/),
            }),
            expect.objectContaining({
              subject: `outbox topic ${test.topic}`,
              verdict: 'warning',
              message: '1 event is parked',
              cure: expect.stringContaining(`openedx-events outbox show -t ${test.topic}`),
            }),
            expect.objectContaining({ subject: 'outbox snapshots', verdict: 'ok' }),
            expect.objectContaining({ subject: 'outbox durability' }),
          ]),
        );
      });

      it('names a relay that stopped renewing its lease', async () => {
        const lease = await storeOf().takeLease(test.database, await storeOf().readLease(test.database), {
          holder: 'r1',
          host: 'web-1',
        });
        const held = expect.objectContaining({ verdict: 'ok', message: 'relay r1 on web-1 publishes' });
        expect(await outboxLines()).toContainEqual(held);
        const age = test.database.dialect === 'mysql' ? 'INTERVAL 5 MINUTE' : "INTERVAL '5 minutes'";
        await test.database.query(`UPDATE event_outbox_relay SET renewed_at = renewed_at - ${age}`);
        const stale = expect.objectContaining({
          verdict: 'warning',
          message: expect.stringMatching(
            /^relay r1 on web-1 has not renewed its lease for 30\d s, and no other relay took over$/,
          ),
        });
        expect(await outboxLines()).toContainEqual(stale);
        if (lease !== undefined) await storeOf().releaseLease(test.database, lease);
      });

      it('names tables that are missing and the command that creates them', async () => {
        expect(await outboxLines('--table', 'no_outbox')).toEqual([
          {
            subject: 'outbox tables',
            verdict: 'problem',
            message: 'the table no_outbox does not exist',
            cure: expect.stringContaining('openedx-events outbox migrate'),
          },
        ]);
      });

      it('asks for nothing in a database that no route needs', async () => {
        const { code, stdout } = await run(['doctor', ...test.bus, '--table', 'no_outbox'], {
          env: { DATABASE_URL: test.url },
        });
        expect(code).toBe(0);
        expect(stdout).toContain('outbox database: it has no outbox, and the settings give no route');
      });
    });
  });
}
