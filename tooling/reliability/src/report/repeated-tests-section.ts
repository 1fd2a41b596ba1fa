/** A run of a test that repeats what a schedule decides, with a variable that makes it repeat it more often. */
interface RepeatedTest {
  readonly what: string;
  readonly command: string;
  readonly seen: string;
  /** The commit whose code was run, or an ancestor of it that differs in tests only. */
  readonly commit: string;
}

/** Written by hand after a run: these tests write no result file. The newest run of each command stays. */
const runs: readonly RepeatedTest[] = [
  {
    what: 'members that stop gracefully, eight at work, over slow lines whose end arrives late, while events arrive',
    command:
      'REDIS_STOPS=2000 npx vitest run --project brokers packages/event-bus-redis/src/integration/graceful-stop.brokers.test.ts',
    seen: '2,000 stops on each of Redis 7.0, 6.2, 8.2 and Valkey 9.1: 0 lost',
    commit: '3d90e3e',
  },
  {
    what: 'the same on Kafka, one after another or while the next joins, with a concurrency of 1 and of 10',
    command:
      'KAFKA_STOPS=250 npx vitest run --project brokers packages/event-bus-kafka/src/graceful-stops.brokers.test.ts',
    seen: '500 stops: 0 lost, 0 handled twice',
    commit: '671e3d8',
  },
  {
    what: 'the same on the memory bus, four of eight at once, with a concurrency of 1 and of 10',
    command:
      'MEMORY_STOPS=500 npx vitest run --project unit packages/event-bus-memory/src/memory-graceful-stops.test.ts',
    seen: '1,000 stops: 0 lost, 0 handled twice',
    commit: '3d90e3e',
  },
  {
    what: 'restarts and planned failovers of Redis under steady traffic, and a real loss after each series',
    command:
      'REDIS_RESTARTS=100 npx vitest run --project brokers packages/event-bus-redis/src/integration/restarts.brokers.test.ts',
    seen: '100 restarts and 100 failovers on each of Redis 7.0, 8.2 and Valkey 9.1: 0 false alarms, 0 missed',
    commit: '671e3d8',
  },
  {
    what: 'servers of Redis replaced by another, whose clock is ten minutes behind or ahead, also with one active member',
    command:
      'REDIS_REPLACEMENTS=34 npx vitest run --project brokers packages/event-bus-redis/src/integration/replaced-server.brokers.test.ts',
    seen: '102 replaced servers: no event skipped, the replacement reported once each time, no false alarm',
    commit: 'd4eea9d6',
  },
  {
    what: 'F4 poison-restarts with the seeds 101 to 114, 20,000 events and 9 changes of members each',
    command: 'npm run reliability -- --only poison-restarts --bus redis --bus kafka --short --seed 101',
    seen: 'Redis 14 runs, Kafka 13 (seed 102 did not end: the scenario waited for a member without a partition, and no longer does): 0 lost, 0 handled twice, 0 dead letters twice',
    commit: '85c5dc8',
  },
  {
    what: 'hostile records, batches, schemas, commit texts and group members on Kafka for 30 minutes, on a busy machine',
    command: 'npm run reliability -- --only hostile --bus kafka --minutes 30 --seed 78',
    seen: '1,571 attacks, of which the broker refused 213: every good event handled, 3,125 dead letters, at most 389 MB, no turn above 45 ms. The slowest good event took 474 s, behind a commit text that names another topic: all of the topic is read again',
    commit: '9310a7c',
  },
  {
    what: 'hostile entries, schemas, leases and group members on Redis for 30 minutes, on a busy machine',
    command: 'npm run reliability -- --only hostile --bus redis --minutes 30 --seed 84',
    seen: '6,490 attacks, of which the broker refused 72: every good event handled, the slowest after 10.5 s, 202,706 dead letters, at most 266 MB, no turn above 107 ms',
    commit: '6ce771c6',
  },
];

/** The section on tests that were repeated. */
export function repeatedTestsSection(): string {
  const list = runs.map(
    ({ what, command, seen, commit }) => `- ${what}: ${seen} (\`${command}\`, commit ${commit})`,
  );
  return `## Repeated tests\n\nTests of \`npm test\` that repeat what a schedule decides, run with more repetitions than there.\n\n${list.join('\n')}`;
}
