import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The packages of one built clone, with the types of this clone. A worker imports no package itself: it would share the
 * registry of signals with the other build.
 */
export interface BuiltPackages {
  readonly core: Pick<typeof import('@openedx-ts/events-core'), 'createMetadata'>;
  readonly avro: typeof import('@openedx-ts/events-avro');
  readonly event: typeof import('@openedx-ts/events-catalog/learning/course-enrollment-created');
  readonly memory: typeof import('@openedx-ts/event-bus-memory');
  readonly redis: typeof import('@openedx-ts/event-bus-redis');
  readonly kafka: typeof import('@openedx-ts/event-bus-kafka');
}

/**
 * Loads the packages of a clone from their `dist` folders.
 *
 * @throws Error when the clone is not built
 */
export async function loadBuiltPackages(clone: string): Promise<BuiltPackages> {
  const load = async (file: string): Promise<unknown> =>
    import(pathToFileURL(join(clone, 'packages', file)).href);
  return {
    core: await load('events-core/dist/index.js'),
    avro: await load('events-avro/dist/index.js'),
    event: await load('events-catalog/dist/learning/course-enrollment-created.js'),
    memory: await load('event-bus-memory/dist/index.js'),
    redis: await load('event-bus-redis/dist/index.js'),
    kafka: await load('event-bus-kafka/dist/index.js'),
  } as BuiltPackages;
}
