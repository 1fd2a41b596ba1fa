import { startKafka, startSchemaRegistry } from '@openedx-ts/brokers';
import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import { loadBus } from '@openedx-ts/events-core/operate';
import { type BroughtBroker, NoBroker, noBroker } from './brought-broker.js';

const serversVariable = 'EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS';
const registryVariable = 'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL';

/** How to start servers. */
export interface KafkaStarters {
  readonly kafka: typeof startKafka;
  readonly registry: typeof startSchemaRegistry;
}

/**
 * Uses the Kafka and the schema registry named in the environment, and starts what is not named: in Docker,
 * or from releases that are downloaded once and run by Java.
 *
 * @throws NoBroker also when a named server cannot be used
 */
export async function bringKafka(
  env: Environment,
  start: KafkaStarters = { kafka: startKafka, registry: startSchemaRegistry },
): Promise<BroughtBroker> {
  const started: AsyncDisposable[] = [];
  const stop = async () => {
    await Promise.all(started.splice(0).map((server) => server[Symbol.asyncDispose]()));
  };
  const kept = <T extends AsyncDisposable>(server: T) => {
    started.push(server);
    return server;
  };
  try {
    const namedServers = named(env, serversVariable);
    const kafka = namedServers === undefined ? kept(await start.kafka({ own: true })) : undefined;
    const servers = kafka?.bootstrapServers ?? namedServers;
    const registry = named(env, registryVariable) ?? kept(await start.registry({ own: true })).url;
    const brought = { ...env, [serversVariable]: servers, [registryVariable]: registry };
    if (started.length < 2) await mustBeUsable(brought);
    const outage = kafka === undefined ? {} : { outage: kafka };
    return { env: brought, ...outage, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw noBroker(error, 'no Kafka with a schema registry', cure);
  }
}

/** Named servers may be unreachable or refuse access; checking now saves waiting for them. */
async function mustBeUsable(env: Environment): Promise<void> {
  const bus: EventBusPlugin = await loadBus('kafka');
  const admin = await bus.createAdmin?.(env);
  if (admin === undefined) return;
  await using _admin = admin;
  const findings = await admin.diagnose({ topics: ['demo'] });
  const problems = findings.filter(({ verdict }) => verdict === 'problem');
  if (problems.length === 0) return;
  throw new NoBroker(problems.map(({ message, cure }) => `${message}\n  → ${cure}`).join('\n'));
}

/** Prints which server is used, without its address, which may contain a password. */
function named(env: Environment, variable: string): string | undefined {
  const value = env[variable];
  if (!value) return undefined;
  const what = variable === serversVariable ? 'Kafka' : 'schema registry';
  process.stderr.write(`demo: using the ${what} of ${variable}\n`);
  return value;
}

const cure =
  `Start Docker, or install Java 17 and Maven, or name your own by ${serversVariable}=localhost:9092 and ` +
  `${registryVariable}=http://localhost:8081. Without any: npm run demo -- --bus memory`;
