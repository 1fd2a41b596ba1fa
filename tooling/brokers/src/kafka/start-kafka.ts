import { announced } from '../server/announced.js';
import type { ControllableServer } from '../server/controllable-server.js';
import { environmentServer } from '../server/environment-server.js';
import { startedServer } from '../server/started-server.js';
import { findKafka, firstAddress, kafkaVariable } from './find-kafka.js';
import type { FoundKafka } from './found-kafka.js';
import { kafkaLaunch } from './kafka-launch.js';
import type { KafkaPorts } from './kafka-listeners.js';
import type { KafkaOptions, SecureListener } from './kafka-options.js';
import type { KafkaServer } from './kafka-server.js';

/**
 * Starts a real Kafka, a single node, on a free port of 127.0.0.1 and waits until it answers. It ends with this process at
 * the latest. With `TEST_KAFKA_BOOTSTRAP_SERVERS` set and no options given, that broker is used instead. A new broker
 * answers NOT_COORDINATOR until its offsets topic exists: clients retry.
 * @throws {BrokerUnavailableError} when no broker can be had on this machine
 * @throws {BrokerFailedError} when it does not come up; the message has the end of its log
 */
export function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  return announced(
    'Kafka',
    () => findKafka(options),
    (found) => start(found, options),
  );
}

async function start(found: FoundKafka, options: KafkaOptions): Promise<KafkaServer> {
  if (found.chosen === 'environment') {
    const server = environmentServer('Kafka', kafkaVariable, firstAddress(found.bootstrapServers));
    return kafkaServer(server, found.bootstrapServers, new Map());
  }
  const [server, { ports }] = await startedServer(found.chosen, () => kafkaLaunch(found, options));
  return kafkaServer(server, `${server.host}:${server.port}`, ports);
}

function kafkaServer(server: ControllableServer, bootstrapServers: string, ports: KafkaPorts): KafkaServer {
  const { host } = server;
  const addressOf = (port: number) => Object.freeze({ host, port, bootstrapServers: `${host}:${port}` });
  const advertised = ports.get('advertised');
  return Object.freeze({
    ...server,
    bootstrapServers,
    advertised:
      advertised === undefined ? { host, port: server.port, bootstrapServers } : addressOf(advertised),
    address(listener: SecureListener) {
      const port = ports.get(listener);
      if (port === undefined)
        throw new Error(`Kafka was started without ${listener}: add it to \`listeners\``);
      return addressOf(port);
    },
  });
}
