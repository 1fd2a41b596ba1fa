/** What the figures do not show. */
export const limits = `## Limits

- **At least once.** Events that a process had handled and not acknowledged when it died are delivered again: at most \`ackEvery\` (100; 500 on Kafka) for each partition or stream that it had, plus the events in flight. With \`concurrency\` above 1, so are events that it had handled behind one that backs off. A receiver that must not have its effect twice needs an [inbox](packages/events-inbox/README.md). Only the PostgreSQL inbox stores effect and event id in one transaction (F12): with the Redis inbox, an effect is repeated if the process is killed between the effect and the record of it.
- **Kafka's producer is not idempotent.** An event whose request was in flight when a broker died or did not respond is sent again and may be stored twice, with the same event id. On Redis an entry that is sent again is stored once.
- **Kafka:** \`ackEvery\` counts for each partition. The rig sets 25 for four of them, so that at most 100 events of a member with all of them are delivered again. One broker, replication factor 1: no leader ever moved to another broker.
- **Redis:** runs named \`redis\` have \`appendonly\` with \`appendfsync always\`. \`redis-everysec\` is killed as a process, and the operating system keeps what Redis had written; a machine that loses its power may lose the last second, which this rig cannot show. One server: no replica, no failover, which with asynchronous replication may lose what was accepted.
- **Redis keeps the order of a key** with one active member of a group: \`singleActive\`. Without it members share the events, and order is not counted.
- **Redis that loses all data** (F10) loses unhandled events, too. The run waits until all are handled; it shows that the bus continues, not that nothing is lost.
- **Events that end the process** are identified within one consumer: of two consumers in one process, an event of one may be blamed for a crash that an event of the other caused. A kill from outside counts against the event that is processed exclusively at that moment.
- **Dead letters** are written before the event is acknowledged: a process that is killed in between writes a second one. The runs with failing events kill no other process.
- **Memory bus:** the broker lives and dies with its process. Members that "die" are cut off from it.
- Everything runs on one machine: no packets are lost or reordered, clocks agree, and the rig, the broker and all processes share its cores. Recovery times include the start of a new process, which costs a second here.
- **Soak:** samples that follow each other are not independent, so the bounds are somewhat narrower than they should be. Caches that fill up more slowly than half an hour look like growth; growth below the bounds cannot be detected.
- Not tested: loss of power, full disks, several brokers, clusters and failovers, clocks that jump, days of running.`;
