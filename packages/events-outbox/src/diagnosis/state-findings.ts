import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { OutboxStatus, TopicStatus } from '../store/outbox-status.js';

/** Finds what is wrong with what waits, and with the relay that should publish it. */
export function stateFindings({ topics, lease }: OutboxStatus): readonly Finding[] {
  return [leaseFinding(lease, topics), ...topics.flatMap(topicFindings)];
}

function leaseFinding(lease: OutboxStatus['lease'], topics: readonly TopicStatus[]): Finding {
  const isWaiting = topics.some(isLate);
  const waiting = isWaiting ? ', and events wait' : '';
  const finding = isWaiting ? problemFinding : warningFinding;
  if (lease === undefined) return finding(subject, `no relay holds the lease${waiting}`, START);
  const { holder, host, renewedMsAgo } = lease;
  const relay = `relay ${holder} on ${host}`;
  if (renewedMsAgo < STALE_MS) return okFinding(subject, `${relay} publishes`);
  return finding(
    subject,
    `${relay} has not renewed its lease for ${seconds(renewedMsAgo)}, and no other relay took over${waiting}`,
    START,
  );
}

function topicFindings(status: TopicStatus): readonly Finding[] {
  const { topic, pending, oldestAgeMs = 0, parked } = status;
  const name = `outbox topic ${topic}`;
  const pendingFinding = isLate(status)
    ? warningFinding(
        name,
        `its oldest pending event waits for ${seconds(oldestAgeMs)}`,
        'see the health and the log of the service whose relay publishes: they have the reason',
      )
    : okFinding(name, pending === 0 ? 'no event is pending' : 'its pending events are recent');
  if (parked === 0) return [pendingFinding];
  const cure = `see the reasons with "openedx-events outbox show -t ${topic}", then redrive or discard them`;
  return [
    pendingFinding,
    warningFinding(name, parked === 1 ? '1 event is parked' : `${parked} events are parked`, cure),
  ];
}

function isLate({ oldestAgeMs = 0 }: TopicStatus): boolean {
  return oldestAgeMs > LATE_MS;
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1_000)} s`;
}

const subject = 'outbox relay';
const START =
  'start a service with startEventBus({ ..., outbox }), or "openedx-events outbox relay", on this database';
/** A relay publishes within a second, unless something holds the topic. */
const LATE_MS = 60_000;
/** Six times the default of `leaseMs`. */
const STALE_MS = 60_000;
