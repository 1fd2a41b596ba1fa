import { subscribe } from 'node:diagnostics_channel';
import { type EventEmitter, getEventListeners } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { queryObjects } from 'node:v8';
import { now } from '../journal/journal-line.js';
import type { Sample, Sampling } from '../soak/sample.js';

/**
 * Writes down what this process holds, now and then, until it is disposed of. To be called before anything connects: a
 * connection that is open already is not seen. Needs `--expose-gc`.
 *
 * @param stopSignal the signal that this process gives to what it runs
 */
export function sampleProcess({ file, everyMs }: Sampling, stopSignal: AbortSignal): Disposable {
  const collect = globalThis.gc;
  if (collect === undefined) throw new TypeError('a process that is sampled is started with --expose-gc');
  const descriptor = openSync(file, 'ax');
  const sockets = openSockets();
  const weighed = (): Memory => {
    collect();
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
    return { heapUsed, external, arrayBuffers, rss };
  };
  let fewest = new Map<string, number>();
  let least: Memory | undefined;
  let written = 0;
  const timers = [
    setInterval(() => {
      fewest = fewestOf(fewest, cheapCounts(stopSignal, sockets));
    }, everyMs / countsPerSample),
    setInterval(() => {
      least = lessOf(least, weighed());
    }, everyMs / collectionsPerSample),
    setInterval(() => {
      const memory = lessOf(least, weighed());
      written += 1;
      const objects = written % objectsEvery === 0 ? { objects: objectCounts() } : {};
      const sample: Sample = { at: now(), ...memory, counts: Object.fromEntries(fewest), ...objects };
      writeSync(descriptor, `${JSON.stringify(sample)}\n`);
      fewest = new Map();
      least = undefined;
    }, everyMs),
  ];
  for (const timer of timers) timer.unref();
  return {
    [Symbol.dispose]: () => {
      for (const timer of timers) clearInterval(timer);
      closeSync(descriptor);
    },
  };
}

type Memory = Omit<Sample, 'at' | 'counts' | 'objects'>;

/** What is under way comes and goes; the least of many readings is what stays. */
const countsPerSample = 50;
const collectionsPerSample = 5;

/** To look for objects costs several collections, and hundreds of milliseconds: every so manieth sample does. */
const objectsEvery = 6;

/** Its timers are unreferenced, too: active resources do not have them. */
const Timeout = setTimeout(() => {}, 0).unref().constructor;

function openSockets(): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { readonly socket: Socket };
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function cheapCounts(stopSignal: AbortSignal, sockets: ReadonlySet<Socket>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    const name = `handles ${type}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  counts.set('listeners of the process', listenersOf(process));
  counts.set('listeners of the stop signal', getEventListeners(stopSignal, 'abort').length);
  counts.set(
    'listeners of sockets',
    [...sockets].reduce((sum, socket) => sum + listenersOf(socket), 0),
  );
  return counts;
}

function lessOf(one: Memory | undefined, other: Memory): Memory {
  return one !== undefined && one.heapUsed <= other.heapUsed ? one : other;
}

/** What is missing in one of the readings is not among those that stay. */
function fewestOf(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Map<string, number> {
  if (one.size === 0) return new Map(other);
  const both = [...one].filter(([name]) => other.has(name));
  return new Map(both.map(([name, count]) => [name, Math.min(count, other.get(name) as number)]));
}

function objectCounts(): Readonly<Record<string, number>> {
  const format = { format: 'count' } as const;
  return {
    'objects Timeout': queryObjects(Timeout, format),
    'objects AbortSignal': queryObjects(AbortSignal, format),
  };
}

function listenersOf(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
