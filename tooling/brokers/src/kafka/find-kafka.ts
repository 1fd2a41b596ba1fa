import { testCertificates } from '../certificates/test-certificates.js';
import { climb, type Rung } from '../ladder/climb.js';
import { dockerImage } from '../ladder/docker-image.js';
import { askKafka } from './ask-kafka.js';
import type { FoundKafka } from './found-kafka.js';
import { kafkaEditions } from './kafka-editions.js';
import { kafkaJars } from './kafka-jars.js';
import { type KafkaEdition, type KafkaOptions, wantsCertificates, wantsOwnKafka } from './kafka-options.js';

/** Names the broker of tests that need no control over it. */
export const kafkaVariable = 'TEST_KAFKA_BOOTSTRAP_SERVERS';

/** By what was asked for: looking takes a moment, and three seconds where a Docker engine hangs. */
const looked = new Map<string, Promise<FoundKafka>>();

/**
 * Climbs the ladder, once for the same question: environment, Docker, jars that Maven downloads.
 * @throws {BrokerUnavailableError} when no rung holds, or certificates are wanted and cannot be made
 */
export async function findKafka(options: KafkaOptions): Promise<FoundKafka> {
  if (wantsCertificates(options)) await testCertificates();
  const { edition = 'kafka-4' } = options;
  const question = `${edition} ${wantsOwnKafka(options) || process.env[kafkaVariable]}`;
  const found =
    looked.get(question) ??
    climb('Kafka', [environmentRung(options), dockerRung(edition), jarsRung(edition)]);
  looked.set(question, found);
  return found;
}

function environmentRung(options: KafkaOptions): Rung<FoundKafka> {
  return rung(kafkaVariable, async () => {
    const bootstrapServers = process.env[kafkaVariable];
    if (bootstrapServers === undefined || bootstrapServers === '') return 'not set';
    if (wantsOwnKafka(options)) return 'passed over: a broker of its own is asked for';
    const metadata = await askKafka(firstAddress(bootstrapServers), 5000);
    if (metadata === undefined) return `${bootstrapServers} does not answer within 5 s`;
    return { chosen: 'environment', bootstrapServers, what: `the broker that ${kafkaVariable} names` };
  });
}

function dockerRung(edition: KafkaEdition): Rung<FoundKafka> {
  const { image } = kafkaEditions[edition];
  return rung('Docker', async () => {
    const complaint = await dockerImage(image);
    return complaint ?? { chosen: 'docker', image, what: `${image} in Docker` };
  });
}

function jarsRung(edition: KafkaEdition): Rung<FoundKafka> {
  return rung('Maven', () => kafkaJars(edition));
}

/** Host and port of the first of `host:port,host:port`. */
export function firstAddress(bootstrapServers: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(`tcp://${bootstrapServers.split(',')[0]}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 9092) };
}

function rung(name: string, find: () => Promise<FoundKafka | string>): Rung<FoundKafka> {
  return { name, find };
}
