import type { Connections } from './connections.js';
import { initProducerIdRequest, type ProducerId } from './protocol/init-producer-id.js';
import { sendRequest } from './send-request.js';

/**
 * Fetches a new id for a producer from a broker. The error of the broker is part of it.
 *
 * @throws InfrastructureError, KafkaAccessError when the broker does not answer
 */
export async function fetchProducerId(
  connections: Connections,
  nodeId: number,
  timeoutMs: number,
): Promise<ProducerId> {
  const doing = 'a producer id cannot be fetched';
  const broker = await connections.broker(nodeId, doing);
  return connections.askBroker(broker, doing, () =>
    sendRequest(broker, initProducerIdRequest, null, { timeoutMs }),
  );
}
