import { AsyncLocalStorage } from 'node:async_hooks';
import type { MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import type { Consumer, EventBusPlugin } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import { ITEM_SENT } from '../item-sent.js';
import { type Journal, openJournal } from '../journal/journal.js';
import type { BusProcess, BusProcessCommand, ProcessEnd } from './bus-process.js';
import type { ConsumerProcessOptions } from './process-options.js';
import { receiveItem } from './receive-item.js';
import type { ReceiverFault } from './receiver-task.js';
import { sendItems } from './send-items.js';

/**
 * A producer or a consumer of a bus that lives in one process, in that process. To be killed is to be cut off from the
 * broker, and never to write to the journal again.
 */
export class InProcess implements BusProcess {
  readonly life: string;
  readonly #journal: Journal;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #consumer: Consumer | undefined;
  #isDead = false;
  #end: ProcessEnd | undefined;
  #stderr = '';

  constructor(bus: EventBusPlugin, command: BusProcessCommand) {
    this.life = command.life;
    const journal = openJournal(command.options.journal);
    this.#journal = {
      write: (...lines) => {
        if (!this.#isDead) journal.write(...lines);
      },
      [Symbol.dispose]: () => journal[Symbol.dispose](),
    };
    this.#ended = this.#live(bus, command).then(
      () => this.#over(0),
      (error: unknown) => {
        this.#stderr = reasonOf(error);
        this.#over(1);
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
    this.#stop.abort();
    await (this.#consumer as MemoryEventBusConsumer | undefined)?.crash();
    await this.#ended;
  }

  async terminate(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #live(bus: EventBusPlugin, { is, env, options }: BusProcessCommand): Promise<void> {
    const stopSignal = this.#stop.signal;
    if (is === 'producer') {
      await using producer = await bus.createProducer(env);
      await sendItems(producer, options, { journal: this.#journal, stopSignal });
      return;
    }
    await using consumer = await this.#createConsumer(bus, env, options);
    const { fault } = options.task;
    await receiving.run({ journal: this.#journal, fault }, () => consumer.run({ abortSignal: stopSignal }));
  }

  async #createConsumer(
    bus: EventBusPlugin,
    env: BusProcessCommand['env'],
    { topic, groupId, options }: ConsumerProcessOptions,
  ): Promise<Consumer> {
    connectOnce();
    this.#consumer = await bus.createConsumer(env, {
      startFrom: 'earliest',
      ...options,
      topics: [topic],
      groupId,
    });
    return this.#consumer;
  }

  #over(end: ProcessEnd): void {
    this.#end ??= end;
    this.#isDead = true;
    this.#journal[Symbol.dispose]();
  }
}

/** Receivers belong to a signal, and so to all consumers of this process: the active consumer is passed separately. */
const receiving = new AsyncLocalStorage<{
  readonly journal: Journal;
  readonly fault: ReceiverFault | undefined;
}>();
let isConnected = false;

function connectOnce(): void {
  if (isConnected) return;
  isConnected = true;
  ITEM_SENT.connect(
    (event) => {
      const mine = receiving.getStore();
      if (mine === undefined) throw new TypeError('an event came to no consumer of the rig');
      return receiveItem(event, mine);
    },
    { name: 'journal' },
  );
}
