import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@openedx-ts/events-core';
import type { EventBook } from './event-book.js';
import type { ServiceMessage, ServiceName } from './service-message.js';

/** A service that runs as a process of its own ended without being asked to. */
export class ServiceDied extends Error {
  override readonly name = 'ServiceDied';
}

/** A service as a process of its own. It ends with this process at the latest. */
export class ChildService {
  readonly pid: number;
  /** Where it takes requests. */
  readonly url: Promise<string>;
  /** Rejects with a `ServiceDied` when it ends by itself; settles in no other way. */
  readonly died: Promise<never>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #isStopping = false;
  #stderr = '';

  constructor(name: ServiceName, options: { readonly env: Environment; readonly book: EventBook }) {
    const { env, book } = options;
    // From sources when this is one.
    const script = new URL(`./service-process${extname(import.meta.url)}`, import.meta.url);
    const child = fork(fileURLToPath(script), [name], {
      env: { ...env },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-10_000);
    });
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    this.died = new Promise((_resolve, reject) => {
      child.once('error', (cause) => reject(new ServiceDied(`${name} cannot be started`, { cause })));
      child.once('close', (code, signal) => {
        if (!this.#isStopping)
          reject(new ServiceDied(`${name} ended with ${signal ?? code}${this.#lastWords()}`));
      });
    });
    const started = new Promise<string>((resolve) => {
      child.on('message', (message: ServiceMessage) => {
        if (message.is === 'started') resolve(message.url);
        else book[message.is](message.event);
      });
    });
    this.url = Promise.race([started, this.died]);
    for (const promise of [this.url, this.died]) promise.catch(() => {}); // the waiting code gets the error
  }

  /** Asks it to stop gracefully, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#child.connected) this.#child.send('stop', () => {}); // it may exit concurrently
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.#ended;
    clearTimeout(timer);
  }

  #lastWords(): string {
    const lines = this.#stderr.trimEnd().split('\n').slice(-10).join('\n');
    return lines === '' ? ', without output' : `; its last output:\n${lines}`;
  }
}

/** Longer than the producer takes to flush, or the consumer to drain. */
const patienceMs = 40_000;
