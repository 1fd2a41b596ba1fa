import { reasonOf } from '@openedx-ts/events-core/bus';
import type { BusProcess, ProcessEnd } from '../processes/bus-process.js';

/** A writer or a relay in the process of the rig. Once killed, its next step throws. */
export class LivesInProcess implements BusProcess {
  readonly life: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #isDead = false;
  #end: ProcessEnd | undefined;
  #stderr = '';

  /** @param live ends at the signal; calls `checkAlive` wherever a SIGKILL may hit it */
  constructor(life: string, live: (stopSignal: AbortSignal, checkAlive: () => void) => Promise<void>) {
    this.life = life;
    const checkAlive = () => {
      if (this.#isDead) throw new TypeError(`${life} was killed`);
    };
    this.#ended = live(this.#stop.signal, checkAlive).then(
      () => {
        this.#end ??= 0;
      },
      (error: unknown) => {
        this.#stderr = reasonOf(error);
        this.#end ??= 1;
      },
    );
  }

  get end(): ProcessEnd | undefined {
    return this.#end;
  }

  get stderr(): string {
    return this.#stderr;
  }

  freeze(): void {
    throw new TypeError('a part of this process cannot be frozen alone');
  }

  unfreeze(): void {}

  async kill(): Promise<void> {
    this.#isDead = true;
    this.#end ??= 'SIGKILL';
    await this.terminate();
  }

  async terminate(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
