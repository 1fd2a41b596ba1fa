import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { median, quantile } from '../measure.js';

/** A way from a publisher to a handler. */
export interface LatencySubject {
  readonly name: string;
  /** Publishes an event with this id. */
  readonly send: (id: string) => Promise<unknown>;
  /** Begins to call back with the id of each event that a handler gets; `ready` once it listens. */
  readonly listen: (handled: (id: string) => void) => Promise<AsyncDisposable>;
}

/** Milliseconds from the call of `send` to the handler. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** What is asked of each subject. */
export interface Load {
  readonly rounds: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Measures each subject in turn, at so many events a second, and takes the medians of the rounds. */
export async function measureLatency(
  subjects: readonly LatencySubject[],
  load: Load,
): Promise<ReadonlyMap<string, Latency>> {
  const found = new Map<string, Latency[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < load.rounds + 1; round += 1) {
    for (const subject of subjects) {
      const latency = await latencyOf(subject, load);
      if (round > 0) found.get(subject.name)?.push(latency); // the first warms up
    }
  }
  return new Map(
    Array.from(found, ([name, rounds]) => [
      name,
      { p50: median(rounds.map(({ p50 }) => p50)), p99: median(rounds.map(({ p99 }) => p99)) },
    ]),
  );
}

/** The latencies as Markdown. */
export function latencyTable(latencies: ReadonlyMap<string, Latency>, { perSecond }: Load): string {
  const load = `${perSecond.toLocaleString('en-US')} events a second`;
  return [
    `| from publishing to the handler, at ${load} | p50 | p99 |`,
    '|---|---|---|',
    ...Array.from(latencies, ([name, { p50, p99 }]) => `| ${name} | ${ms(p50)} | ${ms(p99)} |`),
  ].join('\n');
}

async function latencyOf({ send, listen }: LatencySubject, { perSecond, seconds }: Load): Promise<Latency> {
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  await using _listener = await listen((id) => {
    const at = sentAt.get(id);
    if (at !== undefined) latencies.push(performance.now() - at);
  });
  const total = perSecond * seconds;
  const sends: Promise<unknown>[] = [];
  const startedAt = performance.now();
  while (sends.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) * perSecond) / 1000));
    while (sends.length < due) {
      const id = randomUUID();
      sentAt.set(id, performance.now());
      sends.push(send(id));
    }
    await setTimeout(1);
  }
  await Promise.all(sends);
  while (latencies.length < total) await setTimeout(1);
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

function ms(duration: number): string {
  return `${duration.toFixed(2)} ms`;
}
