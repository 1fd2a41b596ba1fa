import type { ConsumerOptions, Producer, SignalEvent } from '@openedx-ts/events-core';
import type { MetadataInput } from '@openedx-ts/events-core/bus';
import type { ItemFields, ItemSignal } from './bench-signals.js';

/** Options of a consumer of a test; each consumer has a group of its own unless one is given. */
export type BenchConsumerOptions = Omit<ConsumerOptions, 'groupId' | 'codec'> & { readonly groupId?: string };

/** The data of a plain event. */
export interface BenchItem {
  readonly number: number;
  /** @defaultValue 'key' */
  readonly key?: string;
  readonly text?: string;
  readonly note?: string | null;
}

/** How a plain event is sent. */
export interface BenchSendOptions {
  readonly signal?: ItemSignal;
  readonly producer?: Producer;
  readonly metadata?: Partial<MetadataInput>;
}

/** An event that waits in its receiver. */
export interface Hold {
  readonly reached: () => Promise<SignalEvent<ItemFields>>;
  readonly release: () => void;
}
