import type { Environment } from '@openedx-ts/events-core';
import type { CliIo } from '../../terminal/cli-io.js';
import { writeNote } from '../../terminal/write-note.js';
import { kafkaRecipe } from './kafka-recipe.js';
import { redisRecipe } from './redis-recipe.js';
import { serveSchemaRegistry } from './serve-schema-registry.js';
import { startServer } from './start-server.js';

/** The servers of a bus. */
export interface BroughtServers extends AsyncDisposable {
  /** The settings of the bus, with the addresses of what was started. */
  readonly env: Environment;
}

/**
 * Provides the servers that a bus needs: those that the environment names, and else servers of its own, which end when
 * they are disposed of, and with this process at the latest. Writes to stderr which. A bus that is neither `redis` nor
 * `kafka` gets none.
 *
 * @throws CommandError when a server is neither named nor can be started
 */
export async function bringServers(busName: string | undefined, io: CliIo): Promise<BroughtServers> {
  const started: AsyncDisposable[] = [];
  const stop = async () => {
    await Promise.all(started.splice(0).map((server) => server[Symbol.asyncDispose]()));
  };
  const kept = <T extends AsyncDisposable>(server: T): T => {
    started.push(server);
    return server;
  };
  const env: Record<string, string | undefined> = { ...io.env };
  const isMissing = (variable: string) => {
    if (env[variable]) writeNote(io.stderr, `using the server that ${variable} names`);
    return !env[variable];
  };
  try {
    if (busName === 'redis' && isMissing(redisRecipe.variable))
      env[redisRecipe.variable] = `redis://${kept(await startServer(redisRecipe, io)).address}/0`;
    if (busName === 'kafka' && isMissing(kafkaRecipe.variable))
      env[kafkaRecipe.variable] = kept(await startServer(kafkaRecipe, io)).address;
    if (busName === 'kafka' && isMissing(REGISTRY)) env[REGISTRY] = kept(await serveSchemaRegistry()).url;
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, [Symbol.asyncDispose]: stop };
}

const REGISTRY = 'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL';
