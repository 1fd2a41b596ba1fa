import { startKafka, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { KafkaEventBusConsumer, KafkaEventBusProducer } from '@openedx-ts/event-bus-kafka';
import { COURSE_ENROLLMENT_CREATED as S } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import { createMetadata } from '@openedx-ts/events-core';
import { Session } from 'node:inspector'; import { writeFileSync } from 'node:fs';
const server = await startKafka({ own: true, jvmOptions: ['-XX:TieredStopAtLevel=4'], config: ['group.coordinator.append.linger.ms=0'] }); const registry = await startFakeSchemaRegistry();
const servers = { bootstrapServers: server.bootstrapServers, schemaRegistry: { url: registry.url } };
const { Kafka } = await import('kafkajs');
const kafka = new Kafka({ brokers: [server.bootstrapServers], logLevel: 0 });
const admin = kafka.admin(); await admin.connect(); await admin.createTopics({ topics: [{ topic: 'filled', numPartitions: 1 }] });
const N = 50000;
const p = new KafkaEventBusProducer(servers);
const data = { enrollment: { user: { pii: { username: 'ada', email: 'a@b.c', name: 'Ada' }, id: 7, is_active: true }, course: { course_key: 'course-v1:edX+DemoX+2026', display_name: 'x' }, mode: 'audit', is_active: true, creation_date: new Date() } };
for (let i = 0; i < N; i += 500) await Promise.all(Array.from({ length: 500 }, () => p.send({ signal: S, topic: 'filled', eventKeyField: 'enrollment.course.course_key', data, metadata: createMetadata({ eventType: S.eventType }) })));
await p.close();
let n = 0, first = 0, t0 = 0;
let done; S.connect(() => { n++; if (n === 1) first = performance.now() - t0; if (n === N) done(); });
const session = new Session(); session.connect(); const post = (m, p) => new Promise((r) => session.post(m, p, (e, x) => r(x)));
await post('Profiler.enable'); await post('Profiler.setSamplingInterval', { interval: 200 });
for (let i = 0; i < 10; i++) {
  if (i === 3 && process.env.PROF) await post('Profiler.start');
  n = 0; t0 = performance.now(); const c0 = process.cpuUsage();
  const all = new Promise((r) => { done = r; });
  const c = new KafkaEventBusConsumer({ ...servers, topics: ['filled'], groupId: 'g' + i, startFrom: 'earliest' });
  const r = c.run(); await all; const t1 = performance.now(); const c1 = process.cpuUsage(c0);
  await c.close(); await r;
  console.log('first', Math.round(first), 'all', Math.round(t1 - t0), 'cpu us/event', ((c1.user + c1.system) / N).toFixed(1));
}
if (process.env.PROF) { const { profile } = await post('Profiler.stop'); writeFileSync(process.env.PROF, JSON.stringify(profile)); }
await admin.disconnect(); await registry.stop(); await server[Symbol.asyncDispose](); process.exit(0);
