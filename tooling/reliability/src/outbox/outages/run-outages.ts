import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@openedx-ts/brokers';
import { prepareProcessScripts } from '../../processes/process-scripts.js';
import { openDatabase } from '../open-database.js';
import { type OutboxVerdict, outboxVerdict } from '../outbox-verdict.js';
import { createTruth, keyOf, readTruth } from '../truth.js';
import { kafkaOutages } from './kafka-outages.js';
import { affectedTopic, type Outage, type OutageBus, otherTopic } from './outage-bus.js';
import { quantile, type Span, sortedIn } from './outage-measures.js';
import { brokenOutagePromises, type OutageFigures, type OutageResult } from './outage-result.js';
import { keysOfProcess, OutageRig } from './outage-rig.js';
import type { OutageSize } from './outage-scenario.js';
import { redisOutages } from './redis-outages.js';

/**
 * Causes the outages of a bus one after another, and compares what was committed with what was published. Everything it
 * started is gone when it resolves or rejects.
 *
 * @throws RigFailure when it could not be done to the end
 */
export async function runOutages(
  name: 'redis' | 'kafka',
  { seed, size }: { readonly seed: number; readonly size: OutageSize },
): Promise<OutageResult> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'outages-'));
  try {
    await using server = await startPostgres({ own: true, fsync: true });
    await using bus = name === 'redis' ? await redisOutages() : await kafkaOutages();
    await prepareProcessScripts(bus.env, ['outbox-relay', 'outage-requests']);
    const address = { dialect: 'postgres', url: server.url } as const;
    const { database, close } = openDatabase(address, 2);
    const admin = await bus.plugin.createAdmin?.(bus.env);
    if (admin?.topics === undefined) throw new TypeError(`bus ${name} does not let its topics be read`);
    await using rig = new OutageRig({
      bus,
      address,
      database,
      folder,
      topics: admin.topics,
      perSecond: size.perSecond,
    });
    await rig.store.migrate(database);
    await createTruth(database, keysOfProcess * (1 + bus.outages.length));
    rig.startRelay();
    rig.startRequests(affectedTopic, otherTopic);
    const caused = await causeAll(rig, bus, size);
    const verdicts = await verdictsOf(rig, await readTruth(database), bus);
    const outages = caused.map((one) => figuresOf(rig, one));
    const result = {
      ...({ fault: 'F27', scenario: 'outbox-outages', bus: name, seed, outages } as const),
      ...sumOf(verdicts),
      parked: await rig.count('event_outbox_parked'),
      left: await rig.count('event_outbox'),
      durationMs: Math.round(performance.now() - startedAt),
      badEnds: rig.badEnds,
    };
    await admin.close();
    await close();
    return { ...result, broken: brokenOutagePromises(result) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An outage with its times. */
interface Caused extends Pick<OutageFigures, 'firstAfterMs' | 'otherRate'> {
  readonly outage: Outage;
  readonly before: Span;
  readonly during: Span;
  /** When everything was published that had waited. */
  readonly drainedAt: number;
}

async function causeAll(rig: OutageRig, bus: OutageBus, size: OutageSize): Promise<readonly Caused[]> {
  const caused: Caused[] = [];
  await rig.run(warmUpMs);
  for (const outage of bus.outages) {
    const { times, forMs } =
      outage.kind === 'unreachable' ? size.unreachable : { times: 1, forMs: size.otherForMs };
    for (let time = 0; time < times; time += 1) caused.push(await cause(rig, bus, { outage, forMs, size }));
  }
  await rig.endRequests();
  await rig.untilLeft(0);
  await rig.endRelay();
  return caused;
}

async function cause(
  rig: OutageRig,
  bus: OutageBus,
  { outage, forMs, size }: { readonly outage: Outage; readonly forMs: number; readonly size: OutageSize },
): Promise<Caused> {
  const { kind, lateTopic } = outage;
  const isOfAll = kind === 'unreachable' || kind === 'password';
  const others = () => (isOfAll ? 0 : bus.stored(otherTopic));
  await rig.untilLeft(size.perSecond);
  const from = Date.now();
  const othersBefore = await others();
  await rig.run(size.beforeMs);
  const startsAt = Date.now();
  const othersAtStart = await others();
  await outage.start();
  const late = lateTopic === undefined ? undefined : rig.startRequests(lateTopic);
  await rig.run(forMs);
  const endsAt = Date.now();
  const othersAtEnd = await others();
  await outage.end();
  const firstAfterMs = await untilNextStored(rig, bus, lateTopic ?? affectedTopic);
  if (late !== undefined) await rig.endRequests(late);
  const [before, during] = [
    { from, to: startsAt },
    { from: startsAt, to: endsAt },
  ];
  const rate = (events: number, span: Span) => (events * 1_000) / (span.to - span.from);
  await rig.untilLeft(size.perSecond);
  return {
    outage,
    before,
    during,
    firstAfterMs,
    otherRate: isOfAll
      ? null
      : [rate(othersAtStart - othersBefore, before), rate(othersAtEnd - othersAtStart, during)],
    drainedAt: Date.now(),
  };
}

/** How long it takes, in milliseconds, until the broker stores an event of a topic. */
async function untilNextStored(rig: OutageRig, bus: OutageBus, topic: string): Promise<number> {
  const from = performance.now();
  const stored = await bus.stored(topic);
  while ((await bus.stored(topic)) === stored) await rig.run(pollMs);
  return Math.round(performance.now() - from);
}

function figuresOf(rig: OutageRig, caused: Caused): OutageFigures {
  const { outage, before, during, drainedAt, firstAfterMs, otherRate } = caused;
  const requests = rig.measured('requests-0');
  const [calm, disturbed] = [sortedIn(requests, before), sortedIn(requests, during)];
  const disturbance = { from: during.from, to: drainedAt };
  const resident = rig.measured('relay-resident');
  const usual = quantile(sortedIn(resident, before), 0.5);
  const most = sortedIn(resident, disturbance).at(-1) ?? Number.NaN;
  // Right after a collection the heap is what the process holds.
  const heap = rig.measured('relay-heap');
  const [held, heldThen] = [before, disturbance].map((span) => quantile(sortedIn(heap, span), 0.05));
  return {
    kind: outage.kind,
    forMs: during.to - during.from,
    medianMs: [quantile(calm, 0.5), quantile(disturbed, 0.5)],
    p99Ms: [quantile(calm, 0.99), quantile(disturbed, 0.99)],
    firstAfterMs,
    memoryGrowthMb: Math.max(0, most - usual) / 1_048_576,
    heapGrowthMb: ((heldThen ?? Number.NaN) - (held ?? Number.NaN)) / 1_048_576,
    otherRate,
  };
}

/** Each topic has the events of one process, which has keys of its own. */
async function verdictsOf(
  rig: OutageRig,
  truth: Awaited<ReturnType<typeof readTruth>>,
  { outages }: OutageBus,
): Promise<readonly OutboxVerdict[]> {
  const late = outages.flatMap(({ lateTopic }) => lateTopic ?? []);
  const topics = [
    [affectedTopic, 0],
    [otherTopic, 0],
    ...late.map((topic, index) => [topic, index + 1]),
  ] as const;
  const verdicts: OutboxVerdict[] = [];
  for (const [topic, number] of topics as readonly (readonly [string, number])[]) {
    const [first, end] = [keyOf(number * keysOfProcess), keyOf((number + 1) * keysOfProcess)];
    const own = truth.filter(({ key }) => key >= first && key < end);
    verdicts.push(outboxVerdict(own, (await rig.log(topic)).publications, []));
  }
  return verdicts;
}

function sumOf(verdicts: readonly OutboxVerdict[]): OutboxVerdict {
  const sum = (of: keyof OutboxVerdict) => verdicts.reduce((total, { [of]: value }) => total + value, 0);
  return {
    committed: sum('committed'),
    published: sum('published'),
    lost: sum('lost'),
    ghosts: sum('ghosts'),
    duplicates: sum('duplicates'),
    worstDuplicates: Math.max(...verdicts.map(({ worstDuplicates }) => worstDuplicates)),
    orderViolations: sum('orderViolations'),
  };
}

const warmUpMs = 5_000;
const pollMs = 20;
