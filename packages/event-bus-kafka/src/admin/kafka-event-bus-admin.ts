import { type Environment, InfrastructureError, InvalidOptionsError } from '@openedx-ts/events-core';
import {
  busSettingFindings,
  failureFinding,
  invalidOptionsFindings,
  isLoopback,
  runtime,
  settingsError,
  type TopicsToLookAt,
} from '@openedx-ts/events-core/bus';
import type { EventBusAdmin, Finding, GroupLag, LagQuery, TopicStore } from '@openedx-ts/events-core/operate';
import { KafkaAccessError } from '../driver/kafka-error.js';
import type { KafkaLogins } from '../options/kafka-logins.js';
import { resolveProducerOptions } from '../options/kafka-options.js';
import { kafkaProducerSettings } from '../options/kafka-settings.js';
import { withLogins } from '../options/with-logins.js';
import { RegistryHttp } from '../registry/registry-http.js';
import type { ResolvedSchemaRegistryOptions } from '../registry/schema-registry-options.js';
import { brokerFindings } from './broker-findings.js';
import { busSettings } from './bus-settings.js';
import { ClusterReader } from './cluster-reader.js';
import { groupLags } from './group-lag.js';
import { KafkaTopicStore } from './kafka-topic-store.js';
import { kafkaTopics } from './kafka-topics.js';
import type { KafkaView } from './kafka-view.js';
import { producerFinding } from './producer-finding.js';
import { readGroups, readsTopic } from './read-groups.js';
import { readTopic } from './read-topic.js';
import { registryFindings } from './registry-findings.js';
import { topicFindings } from './topic-findings.js';

/**
 * An operator's view of the Kafka bus. `lag` and `diagnose` change nothing, and make neither topics nor groups. They
 * need Describe on topics and groups; with Read on topics they report how old the oldest event is, with DescribeConfigs
 * what topics keep.
 */
export class KafkaEventBusAdmin implements EventBusAdmin {
  readonly #env: Environment;
  readonly #logins: KafkaLogins;
  #view: KafkaView | undefined;
  #topics: KafkaTopicStore | undefined;

  /**
   * Reads nothing but `env`. Wrong settings are found by `diagnose`, and refused by `lag`.
   *
   * @param logins in code, instead of those of the environment
   */
  constructor(env: Environment, logins: KafkaLogins = {}) {
    this.#env = env;
    this.#logins = logins;
  }

  /**
   * `lag` counts events that are not committed, those in flight included, and `pending` is unknown; transaction markers and
   * what was compacted away count as events. `distanceToTrim` is how many events were deleted before the group had
   * handled them, and else unknown: Kafka deletes by age and size.
   *
   * @throws InvalidOptionsError when settings are wrong
   * @throws KafkaAccessError when Kafka refuses the user
   * @throws InfrastructureError when it cannot be reached
   */
  async lag(query: LagQuery = {}): Promise<readonly GroupLag[]> {
    const view = this.#open();
    const { cluster } = view;
    const nodes = await cluster.brokers();
    const { topics } = await kafkaTopics(view, query.topics);
    const { groups, incomplete } = await readGroups(cluster, nodes, query.groupId);
    if (incomplete.length > 0) reportIncomplete(groups.length, incomplete);
    const lags: GroupLag[] = [];
    for (const { topic, fullTopic } of topics) {
      const state = await readTopic(cluster, fullTopic);
      if (state.kind === 'refused') throw new KafkaAccessError(`topic ${topic}: ${state.reason}`);
      if (state.kind === 'missing') continue;
      for (const group of groups.filter((candidate) => readsTopic(candidate, fullTopic))) {
        for (const lag of await groupLags(cluster, topic, state, group)) {
          const { partition: _partition, committed: _committed, first: _first, end: _end, ...shown } = lag;
          lags.push(shown);
        }
      }
    }
    return lags;
  }

  async diagnose(query: LagQuery = {}): Promise<readonly Finding[]> {
    const findings: Finding[] = [...busSettingFindings(this.#env, busSettings)];
    let view: KafkaView;
    try {
      view = this.#open();
    } catch (error) {
      if (!(error instanceof InvalidOptionsError)) throw error;
      return invalidOptionsFindings(error, busSettings.prefix, findings);
    }
    let look: TopicsToLookAt = query.topics?.length ? await kafkaTopics(view, query.topics) : noTopics;
    const kafkaFindings: Finding[] = [];
    try {
      const nodes = await view.cluster.brokers();
      kafkaFindings.push(...(await brokerFindings(view, nodes)));
      kafkaFindings.push(...(await producerFinding(view, nodes)));
      look = await kafkaTopics(view, query.topics);
      kafkaFindings.push(...(await topicFindings(view, nodes, look, query)));
    } catch (error) {
      kafkaFindings.push(failureFinding(error, error instanceof KafkaAccessError, failureCures));
    }
    return [...findings, ...kafkaFindings, ...(await registryFindings(view.registry, look.topics))];
  }

  /** @throws InvalidOptionsError when settings are wrong */
  get topics(): TopicStore {
    this.#topics ??= new KafkaTopicStore(optionsFrom(this.#env, this.#logins), this.#open().cluster);
    return this.#topics;
  }

  async close(): Promise<void> {
    await this.#topics?.close();
    this.#view?.cluster.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #open(): KafkaView {
    this.#view ??= open(this.#env, this.#logins);
    return this.#view;
  }
}

/** Groups that cannot be read are left out where there are others. @throws when there are none */
function reportIncomplete(found: number, errors: readonly Error[]): void {
  const reasons = errors.map(({ message }) => message).join('; ');
  if (found === 0) {
    const isRefused = errors.some((error) => error instanceof KafkaAccessError);
    throw isRefused ? new KafkaAccessError(reasons) : new InfrastructureError(reasons);
  }
  runtime().logger.warn({ reasons }, 'Some groups cannot be read and are left out; see the reasons.');
}

const noTopics: TopicsToLookAt = { topics: [], deadLetterTopics: [], incomplete: undefined };

const failureCures = {
  refused:
    'correct EVENT_BUS_KAFKA_API_KEY, …_API_SECRET, …_SASL_MECHANISM, …_SASL_TOKEN or …_TLS_CA, or grant the user more rights',
  other: 'check that Kafka runs, and that host, port, TLS and firewall allow the connection',
};

function optionsFrom(env: Environment, logins: KafkaLogins) {
  try {
    return resolveProducerOptions(withLogins(kafkaProducerSettings(env), logins));
  } catch (error) {
    throw settingsError(error, 'Kafka settings', variables);
  }
}

const variables = {
  bootstrapServers: 'EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS',
  'schemaRegistry.url': 'EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL',
  topicPrefix: 'EVENT_BUS_TOPIC_PREFIX',
};

function open(env: Environment, logins: KafkaLogins): KafkaView {
  const options = optionsFrom(env, logins);
  const { bootstrapServers, tls, sasl, topicPrefix, maxMessageBytes } = options;
  return {
    cluster: new ClusterReader(options),
    registry: new RegistryHttp(options.schemaRegistry as ResolvedSchemaRegistryOptions), // settings give no other
    topicPrefix,
    security: {
      isEncrypted: tls !== false,
      mechanism: sasl?.mechanism,
      isLocal: bootstrapServers.every((server) => isLoopback(server.split(':', 1)[0] as string)),
    },
    maxMessageBytes,
  };
}
