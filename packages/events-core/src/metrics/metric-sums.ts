import { Counters } from './counters.js';
import { Gauges } from './gauges.js';
import { Histograms } from './histograms.js';
import type { Metric } from './metric.js';
import { metricAttributes as label } from './metric-attributes.js';
import { metricDefinitions as definition } from './metric-definitions.js';

/** The sums of every metric, each with its labels in the order in which they are given. */
export class MetricSums {
  readonly send;
  readonly process;
  readonly skippedMessages;
  readonly publishFailures;
  readonly deadLetters;
  readonly dropped;
  readonly skipped;
  readonly retries;
  readonly receiverFailures;
  readonly unverified;
  readonly losses;
  readonly lost;
  readonly pauses;
  readonly stalls;
  readonly lag;
  readonly pending;
  readonly distanceToTrim;
  readonly consumerOldestAge;
  readonly outboxPublished;
  readonly outboxPending;
  readonly outboxParked;
  readonly outboxOldestAge;

  /** @param limit how many label sets each metric may have */
  constructor(limit: number) {
    const { operation, operationType, system, topic, group, eventType, error, lane } = label;
    const consumed = [operation, operationType, system, topic, group, eventType, error];
    this.send = new Histograms(
      definition.sendDuration,
      [operation, operationType, system, topic, eventType, error],
      limit,
    );
    this.process = new Histograms(definition.processDuration, consumed, limit);
    this.skippedMessages = new Counters(definition.consumed, consumed, limit);
    this.publishFailures = new Counters(definition.publishFailures, [topic, eventType, error], limit);
    this.deadLetters = new Counters(definition.deadLetters, [topic, group, eventType, error], limit);
    this.dropped = new Counters(definition.dropped, [topic, group, eventType, error], limit);
    this.skipped = new Counters(definition.skipped, [topic, group, eventType, label.reason], limit);
    this.retries = new Counters(definition.retries, [topic, group, eventType], limit);
    this.receiverFailures = new Counters(definition.receiverFailures, [eventType, label.receiver], limit);
    this.unverified = new Counters(definition.unverified, [topic, group, eventType], limit);
    this.losses = new Counters(definition.losses, [lane, group, label.reason], limit);
    this.lost = new Counters(definition.lost, [lane, group, label.reason], limit);
    this.pauses = new Counters(definition.pauses, [lane, group], limit);
    this.stalls = new Counters(definition.stalls, [lane, group, label.stage], limit);
    this.lag = new Gauges(definition.lag, [lane, group], limit);
    this.pending = new Gauges(definition.pending, [lane, group], limit);
    this.distanceToTrim = new Gauges(definition.distanceToTrim, [lane, group], limit);
    this.consumerOldestAge = new Gauges(definition.consumerOldestAge, [lane, group], limit);
    this.outboxPublished = new Counters(definition.outboxPublished, [topic], limit);
    this.outboxPending = new Gauges(definition.outboxPending, [], limit);
    this.outboxParked = new Gauges(definition.outboxParked, [], limit);
    this.outboxOldestAge = new Gauges(definition.outboxOldestAge, [], limit);
  }

  collect(): readonly Metric[] {
    const { send, process, skippedMessages, ...others } = this;
    const consumed = [...process.counts, ...skippedMessages.collect().series];
    return [
      send.collect(),
      { ...definition.sent, kind: 'counter', series: send.counts },
      { ...definition.consumed, kind: 'counter', series: consumed },
      process.collect(),
      ...Object.values(others).map((sums: { collect(): Metric }) => sums.collect()),
    ];
  }
}
