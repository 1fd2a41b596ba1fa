import { checkCompatibility, schemaOf } from '@openedx-ts/events-avro';
import { findSignal, InfrastructureError, InvalidOptionsError } from '@openedx-ts/events-core';
import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import type { RegistryHttp } from '../registry/registry-http.js';
import { SchemaRegistryError } from '../registry/schema-registry-error.js';

/**
 * Whether the newest schema of a subject and our own definition can read each other. Only of event types that are loaded
 * in this process.
 */
export async function definitionFindings(
  registry: RegistryHttp,
  subject: string,
  eventType: string,
  about: string,
): Promise<readonly Finding[]> {
  const signal = findSignal(eventType);
  if (signal === undefined || signal.about.localOnly !== undefined) return [];
  const registered = await newestSchema(registry, subject);
  if (registered === undefined) return [];
  try {
    const { compatible, problems } = checkCompatibility({ old: registered, new: schemaOf(signal).text });
    if (compatible) return [okFinding(about, `${eventType}: what is registered fits the definition here`)];
    const [first] = problems;
    const where = `${first?.path}: ${first?.message}`;
    const cure = 'bring the definition here and that of the senders to the same version (schema diff)';
    const message = `${eventType} is registered in a form that does not fit the definition here: ${where}`;
    return [problemFinding(about, message, cure)];
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    const cure = 'see who registered it: senders of events use Avro';
    return [warningFinding(about, `the newest schema of ${subject} is no Avro schema`, cure)];
  }
}

async function newestSchema(registry: RegistryHttp, subject: string): Promise<string | undefined> {
  try {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/latest`;
    const { body } = await registry.ask({ method: 'GET', path });
    const { schema } = body as { readonly schema?: unknown };
    return typeof schema === 'string' ? schema : undefined;
  } catch (error) {
    if (error instanceof InfrastructureError || error instanceof SchemaRegistryError) return undefined;
    throw error;
  }
}
