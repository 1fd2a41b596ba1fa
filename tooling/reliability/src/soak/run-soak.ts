import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerUnderTest, BusUnderTest } from '../buses/bus-under-test.js';
import { type Moment, now } from '../journal/journal-line.js';
import { JournalReader } from '../journal/journal-reader.js';
import type { BusProcess } from '../processes/bus-process.js';
import { ForkedProcess } from '../processes/forked-process.js';
import { prepareProcessScripts } from '../processes/process-scripts.js';
import { RigFailure } from '../rig-failure.js';
import { brokenSoak } from './broken-soak.js';
import { EventTally } from './event-tally.js';
import { processFindings } from './process-findings.js';
import type { Sample } from './sample.js';
import type { SoakSize } from './soak.js';
import type { ProcessFindings, SoakResult } from './soak-result.js';

/** What to run a soak with. */
export interface SoakOptions {
  readonly bus: BusUnderTest;
  /** Kept with the result as everywhere; nothing in a soak is left to chance. */
  readonly seed: number;
  readonly size: SoakSize;
  /** Hears how far it is, once a minute. */
  readonly report?: (text: string) => void;
}

/**
 * Runs a soak on a broker of its own, with a producer and a member of a group. Everything it started is gone when it
 * resolves or rejects.
 *
 * @throws RigFailure when it could not be done to the end
 */
export async function runSoak({ bus, seed, size, report }: SoakOptions): Promise<SoakResult> {
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const processes: BusProcess[] = [];
  try {
    await using broker = await bus.start({ forgets: true });
    await prepareProcessScripts(broker.env);
    const tally = new EventTally(size.seconds * size.perSecond);
    try {
      const durationMs = await soak(startedIn({ folder, broker, size, processes }), tally, report);
      const badEnds = await endsOf(processes);
      const left = await broker.stock(topic, groupId);
      const warmUpMs = (size.seconds * 1_000) / warmUpPart;
      const { offered, accepted, rejected, handled, lost, ghosts, duplicates, slowestSendMs } = tally;
      const result = {
        scenario: 'soak' as const,
        bus: bus.name,
        seed,
        perSecond: size.perSecond,
        offered,
        accepted,
        rejected,
        handled,
        lost,
        ghosts,
        duplicates,
        slowestSendMs: Math.round(slowestSendMs),
        durationMs: Math.round(durationMs),
        warmUpMs: Math.round(warmUpMs),
        processes: await Promise.all(processes.map(({ life }) => findingsOf(life, folder, warmUpMs))),
        left,
        badEnds,
      };
      return { ...result, broken: brokenSoak(result, size.limits) };
    } finally {
      await Promise.all(processes.filter(({ end }) => end === undefined).map((one) => one.kill()));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const topic = 'items';
const groupId = 'reliability';

/** The first sixth: 5 minutes of 30. */
const warmUpPart = 6;

/** How long nothing may move. */
const patienceMs = 60_000;

interface Started {
  readonly producer: BusProcess;
  readonly consumer: BusProcess;
  readonly readers: ReadonlyMap<string, JournalReader>;
}

function startedIn({
  folder,
  broker,
  size,
  processes,
}: {
  readonly folder: string;
  readonly broker: BrokerUnderTest;
  readonly size: SoakSize;
  readonly processes: BusProcess[];
}): Started {
  const readers = new Map<string, JournalReader>();
  const { env } = broker;
  const common = (life: string) => {
    const journal = join(folder, `${life}.jsonl`);
    readers.set(life, new JournalReader(journal));
    const sampling = { file: samplesOf(life, folder), everyMs: size.sampleEveryMs };
    return { journal, topic, sampling };
  };
  // Options as a service has them, and as many keys at once as make use of all that looks after their order.
  const consumer = new ForkedProcess({
    life: 'consumer',
    is: 'consumer',
    env,
    options: { ...common('consumer'), groupId, options: { concurrency: 16 }, task: {} },
  });
  processes.push(consumer);
  const producer = new ForkedProcess({
    life: 'producer',
    is: 'producer',
    env,
    options: {
      ...common('producer'),
      events: size.seconds * size.perSecond,
      inFlight: 128,
      perSecond: size.perSecond,
      keys: Array.from({ length: 100 }, (_, key) => `producer-${key}`),
      renewKeysEvery: 10_000,
    },
  });
  processes.push(producer);
  return { producer, consumer, readers };
}

/** @returns how long it took from the first send until everything was handled, or nothing moved any more */
async function soak(
  { producer, consumer, readers }: Started,
  tally: EventTally,
  report: SoakOptions['report'],
): Promise<number> {
  let startedAt: Moment | undefined;
  let movedAt = now();
  let reported = 0;
  try {
    for (;;) {
      for (const [life, reader] of readers) {
        const lines = reader.read();
        tally.book(life, lines);
        if (lines.length > 0) movedAt = now();
      }
      if (tally.offered > 0) startedAt ??= movedAt;
      mustLive(producer, producer.end === 0);
      mustLive(consumer, false);
      const isAnswered = producer.end === 0 && tally.accepted + tally.rejected === tally.offered;
      if (isAnswered && tally.lost === 0) return now() - (startedAt ?? now());
      // What is missing then is lost.
      if (now() - movedAt > patienceMs) return movedAt - (startedAt ?? movedAt);
      const minutes = Math.floor((now() - (startedAt ?? now())) / 60_000);
      if (minutes > reported) {
        reported = minutes;
        report?.(`${minutes} min, ${tally.handled.toLocaleString('en')} events handled`);
      }
      await sleep(200);
    }
  } finally {
    for (const reader of readers.values()) reader[Symbol.dispose]();
  }
}

function mustLive({ life, end, stderr }: BusProcess, mayEnd: boolean): void {
  if (end !== undefined && !mayEnd) throw new RigFailure(`${life} ended with ${end}\n${stderr}`);
}

/** Ends them by SIGTERM. @returns how those ended that did not end with 0 */
async function endsOf(processes: readonly BusProcess[]): Promise<readonly string[]> {
  const running = processes.filter(({ end }) => end === undefined);
  await Promise.all(running.map((process) => process.terminate()));
  return processes
    .filter(({ end }) => end !== 0)
    .map(({ life, end, stderr }) => `${life} ended with ${end}: ${stderr}`);
}

function samplesOf(life: string, folder: string): string {
  return join(folder, `${life}.samples.jsonl`);
}

async function findingsOf(life: string, folder: string, warmUpMs: number): Promise<ProcessFindings> {
  const lines = (await readFile(samplesOf(life, folder), 'utf8')).split('\n').slice(0, -1);
  return processFindings(
    life,
    lines.map((line) => JSON.parse(line) as Sample),
    warmUpMs,
  );
}
