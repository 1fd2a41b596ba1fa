import type { SizeName } from '../scenario.js';

/** Input that nobody who means well sends, to a bus whose consumers must handle the good events behind it. */
export const hostile: Hostile = {
  name: 'hostile',
  title: 'random values, headers, batches, schemas, leases and group members, with a good event behind each',
  buses: ['redis', 'kafka'],
  sizes: { short: { seconds: 30 }, full: { seconds: 300 } },
};

export interface Hostile {
  readonly name: 'hostile';
  readonly title: string;
  /** Names of the buses on which it is done. */
  readonly buses: readonly string[];
  readonly sizes: Readonly<Record<SizeName, HostileSize>>;
}

/** How long. */
export interface HostileSize {
  readonly seconds: number;
}
