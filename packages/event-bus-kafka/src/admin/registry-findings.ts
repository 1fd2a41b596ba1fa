import { InfrastructureError } from '@openedx-ts/events-core';
import {
  isRetryTopic,
  okFinding,
  problemFinding,
  reasonOf,
  type TopicName,
  warningFinding,
} from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { RegistryHttp } from '../registry/registry-http.js';
import { SchemaRegistryError } from '../registry/schema-registry-error.js';
import { definitionFindings } from './definition-findings.js';

/** Subjects that are looked at one by one. */
const MAX_SUBJECTS = 200;

/** Whether the registry is there, what rules it has, and whether the topics' schemas fit our definitions. */
export async function registryFindings(
  registry: RegistryHttp,
  topics: readonly TopicName[],
): Promise<readonly Finding[]> {
  const subjects = await knownSubjects(registry);
  if ('finding' in subjects) return [subjects.finding];
  const findings: Finding[] = [okFinding(SUBJECT, `${registry.url} answers`), await ruleFinding(registry)];
  if (subjects.names === undefined)
    findings.push(
      warningFinding(SUBJECT, 'its subjects may not be listed', 'allow it, or look at them as another user'),
    );
  else
    for (const topic of topics)
      findings.push(...(await topicFindings(registry, topic, topics, subjects.names)));
  return findings;
}

const SUBJECT = 'schema registry';

async function knownSubjects(
  registry: RegistryHttp,
): Promise<{ readonly finding: Finding } | { readonly names: readonly string[] | undefined }> {
  try {
    const { body } = await registry.ask({ method: 'GET', path: '/subjects' });
    if (Array.isArray(body)) return { names: body.map(String) };
    const cure = 'check EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL and its path';
    return {
      finding: problemFinding(SUBJECT, `what answers at ${registry.url} is no schema registry`, cure),
    };
  } catch (error) {
    return (await mayAskElse(registry)) ? { names: undefined } : { finding: failure(error) };
  }
}

/** Some registries hide the list of subjects from users who may read and register schemas. */
async function mayAskElse(registry: RegistryHttp): Promise<boolean> {
  try {
    const { body } = await registry.ask({ method: 'GET', path: '/schemas/types' });
    return Array.isArray(body);
  } catch {
    return false;
  }
}

function failure(error: unknown): Finding {
  if (error instanceof SchemaRegistryError)
    return problemFinding(
      SUBJECT,
      reasonOf(error),
      'correct EVENT_BUS_KAFKA_SCHEMA_REGISTRY_API_KEY and …_API_SECRET, or grant the user more rights',
    );
  if (!(error instanceof InfrastructureError)) throw error;
  const cure =
    'see that the registry runs, and that EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL leads to it: without it no new schema can be sent or read';
  return { ...problemFinding(SUBJECT, reasonOf(error), cure), isUnreachable: true };
}

/** What the registry refuses, where a subject has no rule of its own. */
async function ruleFinding(registry: RegistryHttp): Promise<Finding> {
  const level = await registry
    .ask({ method: 'GET', path: '/config' })
    .then(({ body }) => (body as { readonly compatibilityLevel?: unknown }).compatibilityLevel)
    .catch(() => undefined); // a user may be refused that alone
  if (typeof level !== 'string') return okFinding(SUBJECT, 'its compatibility rule may not be read');
  if (level !== 'NONE') return okFinding(SUBJECT, `its compatibility rule is ${level}`);
  return warningFinding(
    SUBJECT,
    'its compatibility rule is NONE: it takes schemas that break receivers',
    'set it to BACKWARD or FULL, and run openedx-events schema check before a release',
  );
}

async function topicFindings(
  registry: RegistryHttp,
  name: TopicName,
  topics: readonly TopicName[],
  names: readonly string[],
): Promise<readonly Finding[]> {
  const about = `schemas of ${name.topic}`;
  const subjects = names.filter((subject) => isOf(subject, name, topics));
  const types = subjects
    .filter((subject) => subject.endsWith(VALUE))
    .map((subject) => subject.slice(name.fullTopic.length + 1, -VALUE.length))
    .sort();
  if (types.length === 0 && isRetryTopic(name.topic)) return []; // its events have the schemas of their source
  if (types.length === 0) {
    const message = `no event type is registered for ${name.fullTopic}`;
    return [
      warningFinding(
        about,
        message,
        'as it should be before the first event; else the senders use another registry',
      ),
    ];
  }
  const findings: Finding[] = [okFinding(about, `event types: ${types.length} (${shortened(types)})`)];
  for (const type of types.slice(0, MAX_SUBJECTS))
    findings.push(...(await definitionFindings(registry, `${name.fullTopic}-${type}${VALUE}`, type, about)));
  return findings;
}

/** Behind the event type in the subject of a value. */
const VALUE = '.CloudEvent';

/** `orders-…` may also belong to a topic `orders-eu` that is known. */
function isOf(subject: string, { fullTopic }: TopicName, topics: readonly TopicName[]): boolean {
  if (!subject.startsWith(`${fullTopic}-`)) return false;
  return !topics.some(
    (other) => other.fullTopic.length > fullTopic.length && subject.startsWith(`${other.fullTopic}-`),
  );
}

function shortened(types: readonly string[]): string {
  const some = types.slice(0, 5).join(', ');
  return types.length > 5 ? `${some}, …` : some;
}
