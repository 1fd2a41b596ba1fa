// #region prometheus
import { createServer, type Server } from 'node:http';
import { configureEvents } from '@openedx-ts/events-core';
import { eventMetrics } from '@openedx-ts/events-core/metrics';

export function serveMetrics(): Server {
  const metrics = eventMetrics();
  configureEvents({ telemetry: metrics });
  return createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(metrics.metricsText());
  });
}
// #endregion prometheus
