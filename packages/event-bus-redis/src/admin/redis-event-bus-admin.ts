import { type Environment, InvalidOptionsError } from '@openedx-ts/events-core';
import { busSettingFindings, optionFinding } from '@openedx-ts/events-core/bus';
import type { EventBusAdmin, Finding, GroupLag, LagQuery, TopicStore } from '@openedx-ts/events-core/operate';
import { RedisAccessError, RedisConnection } from '../redis-connection.js';
import { resolveProducerOptions } from '../redis-options.js';
import { redisProducerSettings } from '../redis-settings.js';
import { brokerFindings } from './broker-findings.js';
import { busSettings } from './bus-settings.js';
import { failureFinding } from './failure-finding.js';
import { groupLag, type LagContext } from './group-lag.js';
import { readStream, type StreamState } from './read-stream.js';
import { RedisTopicStore } from './redis-topic-store.js';
import { addressText, type RedisView } from './redis-view.js';
import { schemaFindings } from './schema-findings.js';
import { serverTime } from './server-time.js';
import { topicFindings } from './topic-findings.js';
import { topicsToLookAt } from './topics-to-look-at.js';

/**
 * An operator's view of the Redis bus. `lag` and `diagnose` change nothing: they ask `XINFO`, `XPENDING`, `XRANGE`,
 * `XLEN`, `TYPE`, `HLEN`, `SCAN`, `TIME`, `INFO` and `CONFIG GET`, and can do without the last four.
 */
export class RedisEventBusAdmin implements EventBusAdmin {
  readonly #env: Environment;
  #opened: Opened | undefined;

  /** Reads nothing but `env`. Wrong settings are found by `diagnose`, and refused by `lag`. */
  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * @throws InvalidOptionsError when settings are wrong, or topics that are named are none
   * @throws RedisAccessError when Redis refuses the user
   * @throws InfrastructureError when it cannot be reached
   */
  async lag(query: LagQuery = {}): Promise<readonly GroupLag[]> {
    const { view } = this.#open();
    const { topics, incomplete } = await topicsToLookAt(view, query.topics);
    if (incomplete !== undefined)
      throw new RedisAccessError(`${incomplete}: name the topics instead (--topic)`);
    const nowMs = await serverTime(view.ask);
    const lags: GroupLag[] = [];
    for (const { topic, stream } of topics) {
      const state = mustBeStream(topic, await readStream(view.ask, stream));
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
      findings.push(...(await brokerFindings(view.ask, view.address)));
      findings.push(...(await schemaFindings(view)));
      findings.push(...(await topicFindings(view, query)));
    } catch (error) {
      const isSaid = findings.some(({ verdict }) => verdict === 'problem');
      if (!(error instanceof InvalidOptionsError)) findings.push(failureFinding(error));
      else if (!isSaid) findings.push(optionFinding(error, busSettings.prefix));
    }
    return findings;
  }

  /** @throws InvalidOptionsError when settings are wrong */
  get topics(): TopicStore {
    return this.#open().topics;
  }

  async close(): Promise<void> {
    await this.#opened?.connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #open(): Opened {
    this.#opened ??= open(this.#env);
    return this.#opened;
  }
}

interface Opened {
  readonly view: RedisView;
  readonly connection: RedisConnection;
  readonly topics: TopicStore;
}

function open(env: Environment): Opened {
  const options = resolveProducerOptions(redisProducerSettings(env));
  const connection = new RedisConnection({ ...options, clientName: 'openedx-events-admin' });
  const view: RedisView = {
    ask: (...commands) => connection.send(commands, options.commandTimeoutMs),
    address: addressText(options.url),
    topicPrefix: options.topicPrefix,
    maxLength: options.streamMaxLength,
  };
  const { topicPrefix, commandTimeoutMs: deadlineMs } = options;
  return { view, connection, topics: new RedisTopicStore({ connection, topicPrefix, deadlineMs }) };
}

/** A topic that is not there yet has no groups that could be behind. */
function mustBeStream(topic: string, state: StreamState) {
  if (state.kind === 'stream') return state;
  if (state.kind === 'missing') return undefined;
  if (state.kind === 'refused') throw new RedisAccessError(`topic ${topic}: ${state.reason}`);
  const message = `${topic} is no stream in Redis: another program uses that key`;
  throw new InvalidOptionsError('lag', [{ path: 'topics', message }]);
}

function byTopicLaneGroup(a: GroupLag, b: GroupLag): number {
  return compare(a.topic, b.topic) || compare(a.lane, b.lane) || compare(a.groupId, b.groupId);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
