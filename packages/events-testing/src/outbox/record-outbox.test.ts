import {
  defineSignal,
  long,
  NoTransactionError,
  record,
  route,
  type StartedEventBus,
  startEventBus,
  string,
  TransactionEndedError,
} from '@openedx-ts/events-core';
import { deferred } from '@openedx-ts/events-core/bus';
import type { SqlOutbox } from '@openedx-ts/events-outbox';
import type { SqlExecutor } from '@openedx-ts/events-sql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IsolatedSignals, isolateSignals } from '../isolate-signals.js';
import { recordEvents } from '../record-events.js';
import { type RecordedOutbox, recordOutbox } from './record-outbox.js';

const GRADED = defineSignal({
  eventType: 'org.openedx.testing.outbox.graded.v1',
  irregularEventType: 'made up by a test',
  data: { grade: record('GradeData', { user: string(), points: long() }) },
});
const routes = [route(GRADED, { topic: 'grades', eventKeyField: 'grade.user', mode: 'outbox' })];

/** The code under test: it knows the outbox of the service, and rejects a grade that is too high. */
async function grade(outbox: SqlOutbox<Grades>, user: string, points: number): Promise<void> {
  await outbox.transaction(async (grades) => {
    grades.push(points);
    await GRADED.sendEvent({ grade: { user, points } });
    if (points > 100) throw new RangeError('too many points');
  });
}

type Grades = number[];

describe('recordOutbox', () => {
  let signals: IsolatedSignals;
  let bus: StartedEventBus;
  let outbox: RecordedOutbox<Grades>;
  let grades: Grades;
  beforeEach(async () => {
    signals = isolateSignals();
    grades = [];
    outbox = recordOutbox({ transaction: grades });
    bus = await startEventBus({ routes, outbox });
  });
  afterEach(async () => {
    await bus.close();
    signals.restore();
  });
  const points = async () => (await outbox.committed(GRADED)).map(({ data }) => data.grade.points);

  // #region committed
  it('has the events of transactions whose work has resolved, and none of others', async () => {
    await grade(outbox, 'ada', 97);
    await expect(grade(outbox, 'bob', 101)).rejects.toThrow(RangeError);
    const [event, ...others] = await outbox.committed(GRADED);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      topic: 'grades',
      key: 'ada',
      data: { grade: { user: 'ada', points: 97 } },
    });
    expect(event?.metadata).toMatchObject({ eventType: GRADED.eventType, id: expect.any(String) });
    expect(grades).toEqual([97, 101]);
  });
  // #endregion committed

  it('has events in the order of commits, and receivers in the order of sends', async () => {
    using sent = recordEvents(GRADED);
    const goOn = deferred();
    const slow = outbox.transaction(async () => {
      await GRADED.sendEvent({ grade: { user: 'ada', points: 1 } });
      await goOn.promise;
    });
    await grade(outbox, 'bob', 2);
    goOn.resolve();
    await slow;
    expect(await points()).toEqual([2, 1]);
    expect(sent.events.map(({ data }) => data.grade.points)).toEqual([1, 2]);
  });

  it('drops the events of a savepoint whose work rejects', async () => {
    await outbox.transaction(async () => {
      await grade(outbox, 'ada', 1);
      await grade(outbox, 'ada', 101).catch(() => {});
      await grade(outbox, 'ada', 2);
    });
    expect(await points()).toEqual([1, 2]);
  });

  it('refuses an event outside of a transaction or after its end, as in production', async () => {
    const send = () => GRADED.sendEvent({ grade: { user: 'ada', points: 1 } });
    await expect(send()).rejects.toMatchObject({ cause: expect.any(NoTransactionError) });
    const goOn = deferred();
    let late: Promise<unknown> | undefined;
    await outbox.transaction(async () => {
      late = goOn.promise.then(send);
    });
    goOn.resolve();
    await expect(late).rejects.toMatchObject({ cause: expect.any(TransactionEndedError) });
    expect(await points()).toEqual([]);
    await bus.close();
    outbox = recordOutbox({ transaction: grades, outside: 'append' });
    bus = await startEventBus({ routes, outbox });
    await send();
    expect(await points()).toEqual([1]);
  });

  it('has what `within` and `append` have stored in transactions of the caller', async () => {
    const executor = { dialect: 'postgres', connection: {} } as unknown as SqlExecutor;
    await outbox.within(executor, () => GRADED.sendEvent({ grade: { user: 'ada', points: 1 } }));
    const data = { grade: { user: 'bob', points: 2 } };
    await outbox.append(executor, [{ signal: GRADED, topic: 'audit', eventKeyField: 'grade.user', data }]);
    expect(await points()).toEqual([1, 2]);
    expect((await outbox.committed(GRADED)).map(({ topic }) => topic)).toEqual(['grades', 'audit']);
  });

  it('is an outbox of its own: another one has none of its events', async () => {
    const other = recordOutbox();
    await grade(outbox, 'ada', 1);
    expect(await other.committed(GRADED)).toEqual([]);
    expect(outbox.health()).toEqual({ live: true, ready: true, reasons: [] });
  });
});
