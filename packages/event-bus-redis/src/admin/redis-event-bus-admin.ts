import { type Environment, InvalidOptionsError } from '@openedx-ts/events-core';
import {
  busSettingFindings,
  failureFinding,
  invalidOptionsFindings,
  settingsError,
} from '@openedx-ts/events-core/bus';
import type { EventBusAdmin, Finding, GroupLag, LagQuery, TopicStore } from '@openedx-ts/events-core/operate';
import { openRedis } from '../driver/open-redis.js';
import { RedisAccessError } from '../driver/redis-access-error.js';
import type { RedisConnection } from '../driver/redis-connection.js';
import { resolveProducerOptions } from '../options/redis-options.js';
import { redisProducerSettings } from '../options/redis-settings.js';
import { brokerFindings } from './broker-findings.js';
import { busSettings } from './bus-settings.js';
import { groupLag, type LagContext } from './group-lag.js';
import { readStream, type StreamState } from './read-stream.js';
import { RedisTopicStore } from './redis-topic-store.js';
import { redisTopics } from './redis-topics.js';
import { addressText, type RedisView } from './redis-view.js';
import { schemaFindings } from './schema-findings.js';
import { serverTime } from './server-time.js';
import { topicFindings } from './topic-findings.js';

/**
 * The Redis bus for operators' tools. `lag` and `diagnose` change nothing: they run `XINFO`, `XPENDING`, `XRANGE`, `XLEN`,
 * `TYPE`, `HLEN`, `PTTL`, `GETRANGE`, `SCAN`, `TIME`, `INFO` and `CONFIG GET`. The last six may be refused.
 */
export class RedisEventBusAdmin implements EventBusAdmin {
  readonly #env: Environment;
  #opened: Opened | undefined;

  /** Reads only `env`. Wrong settings are reported by `diagnose`; `lag` throws them. */
  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * @throws InvalidOptionsError when settings are wrong, or a topic of the query is no stream
   * @throws RedisAccessError when Redis refuses the user
   * @throws InfrastructureError when Redis is unreachable
   */
  async lag(query: LagQuery = {}): Promise<readonly GroupLag[]> {
    const { view } = this.#open();
    const { topics, incomplete } = await redisTopics(view, query.topics);
    if (incomplete !== undefined)
      throw new RedisAccessError(`${incomplete}: name the topics instead (--topic)`);
    const nowMs = await serverTime(view.ask);
    const lags: GroupLag[] = [];
    for (const { topic, fullTopic } of topics) {
      const state = streamOf(topic, await readStream(view.ask, fullTopic));
      if (state === undefined) continue;
      const context: LagContext = { ask: view.ask, topic, nowMs, maxLength: view.maxLength };
      for (const group of state.groups) {
        if (query.groupId !== undefined && query.groupId !== group.groupId) continue;
        lags.push(await groupLag(context, state, group));
      }
    }
    return lags.sort(byTopicLaneGroup);
  }

  async diagnose(query: LagQuery = {}): Promise<readonly Finding[]> {
    const findings: Finding[] = [...busSettingFindings(this.#env, busSettings)];
    try {
      const { view } = this.#open();
      findings.push(...(await brokerFindings(view)));
      findings.push(...(await schemaFindings(view)));
      findings.push(...(await topicFindings(view, query)));
    } catch (error) {
      if (error instanceof InvalidOptionsError)
        return invalidOptionsFindings(error, busSettings.prefix, findings);
      findings.push(failureFinding(error, error instanceof RedisAccessError, failureCures));
    }
    return findings;
  }

  /** @throws InvalidOptionsError when settings are wrong */
  get topics(): TopicStore {
    return this.#open().topics;
  }

  async close(): Promise<void> {
    await Promise.all([this.#opened?.topics.close(), this.#opened?.connection.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #open(): Opened {
    this.#opened ??= open(this.#env);
    return this.#opened;
  }
}

const failureCures = {
  refused: 'correct user and password in EVENT_BUS_REDIS_CONNECTION_URL, or grant the user more rights',
  other: 'check that Redis runs, and that host, port, TLS and firewall allow the connection',
};

interface Opened {
  readonly view: RedisView;
  readonly connection: RedisConnection;
  readonly topics: RedisTopicStore;
}

function open(env: Environment): Opened {
  const options = optionsFrom(env);
  const connection = openRedis({ ...options, clientName: 'openedx-events-admin' });
  const view: RedisView = {
    ask: (...commands) => connection.send(commands),
    connection,
    address: addressText(options),
    topicPrefix: options.topicPrefix,
    maxLength: options.streamMaxLength,
  };
  return {
    view,
    connection,
    topics: new RedisTopicStore(connection, options.topicPrefix, options.streamMaxLength),
  };
}

function optionsFrom(env: Environment) {
  try {
    return resolveProducerOptions(redisProducerSettings(env));
  } catch (error) {
    throw settingsError(error, 'Redis settings', variables);
  }
}

const variables = { url: 'EVENT_BUS_REDIS_CONNECTION_URL', topicPrefix: 'EVENT_BUS_TOPIC_PREFIX' };

/** Undefined for a topic that does not exist yet: it has no groups. */
function streamOf(topic: string, state: StreamState) {
  if (state.kind === 'stream') return state;
  if (state.kind === 'missing') return undefined;
  if (state.kind === 'refused') throw new RedisAccessError(`topic ${topic}: ${state.reason}`);
  const message = `the key of topic ${topic} is no stream: another program uses it; choose another topic or EVENT_BUS_TOPIC_PREFIX`;
  throw new InvalidOptionsError('lag', [{ path: 'topics', message }]);
}

function byTopicLaneGroup(a: GroupLag, b: GroupLag): number {
  return compare(a.topic, b.topic) || compare(a.lane, b.lane) || compare(a.groupId, b.groupId);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
