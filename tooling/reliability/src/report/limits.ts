/** What the figures do not say. */
export const limits = `## Limits

- **At least once.** What a process had handled and not acknowledged when it died comes again: at most \`ackEvery\` (100; 500 on Kafka) for each partition or stream that it had, plus what was in hand at once. With \`concurrency\` above 1, what was handled behind an event that waits for its next try comes again, too, after a rebalance. A receiver that must not do its work twice needs an [inbox](packages/events-inbox/README.md). Only the one in PostgreSQL makes effect and memory one (F12): with the one in Redis, what is killed between the effect and the note of it is done again.
- **Kafka's producer is not idempotent.** What was on its way when a broker died or did not answer is sent again and may be stored twice, under the same event id. On Redis an entry that is sent again is stored once.
- **Kafka:** \`ackEvery\` counts for each partition. The rig sets 25 for four of them, so that a member with all of them brings at most 100 again. One broker, replication factor 1: no leader ever moved to another broker.
- **Redis:** runs named \`redis\` have \`appendonly\` with \`appendfsync always\`. \`redis-everysec\` is killed as a process, and what it had handed to the operating system outlives that; a machine that loses its power may lose the last second, which nothing here can show. One server: no replica, no failover, which with asynchronous replication may lose what was accepted.
- **Redis keeps the order of a key** with one member of a group at work: \`singleActive\`. Without it members share the events, and order is not counted.
- **Redis that forgets everything** (F10) forgets what was not handled, too. The run waits until all was; it shows that the bus goes on, not that nothing is lost.
- **Events that end the process** are told apart within one consumer: of two consumers in one process, one may take the blame for the other. A kill from outside counts against the event that is handled alone at that moment.
- **Dead letters** are written before the event is acknowledged: a process that is killed in between writes a second one. The runs with failing events kill nobody else.
- **Memory bus:** the broker lives and dies with its process. Members that "die" are cut off from it.
- Everything runs on one machine: no packets are lost or reordered, clocks agree, and the rig, the broker and all processes share its cores. Recovery times include the start of a new process, which costs a second here.
- **Soak:** samples that follow each other are not independent, so the bounds are somewhat narrower than they should be. Caches that fill up more slowly than half an hour look like growth; what grows more slowly than the bounds tell cannot be seen.
- Not tested: loss of power, full disks, several brokers, clusters and failovers, clocks that jump, days of running.`;
