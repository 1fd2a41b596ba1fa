// #region service
import { createServer } from 'node:http';
import { COURSE_CREATED } from '@openedx-ts/events-catalog/content-authoring/course-created';
import { loadCatalogSignal } from '@openedx-ts/events-catalog/loader';
import { type Environment, eventBusSettings, startEventBus, stopOnSignal } from '@openedx-ts/events-core';

/** A service that receives events, answers the probes of an orchestrator, and stops gracefully. */
export async function startService(
  env: Environment,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const bus = await startEventBus({ ...eventBusSettings(env), loadSignal: loadCatalogSignal });
  COURSE_CREATED.connect(({ data }) => console.log(`${data.course.course_key} was created`), { name: 'log' });
  const consumer = await bus.createConsumer({ topics: ['courses'], groupId: 'my-service' });
  // A failure is logged; then health() is no longer live, and the liveness probe restarts the process.
  const running = consumer.run().catch(() => {});

  const server = createServer(({ url }, response) => {
    const { live, ready, reasons } = bus.health();
    const isWell = url === '/livez' ? live : ready;
    response.writeHead(isWell ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ live, ready, reasons }));
  });
  await new Promise<void>((resolve) =>
    server.listen(Number(env.PORT ?? 8080), env.HOST ?? '0.0.0.0', resolve),
  );
  const address = server.address();

  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async close() {
      await bus.close(); // finishes the events in flight, then flushes what was sent
      await running;
      server.close(); // last: probes are answered until then
      server.closeAllConnections();
    },
  };
}

/** In main.ts: `await main();` */
export async function main(): Promise<void> {
  const service = await startService(process.env);
  stopOnSignal({ close: () => service.close() });
}
// #endregion service
