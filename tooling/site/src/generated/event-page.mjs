/**
 * @typedef {object} EventFacts what `openedx-events catalog show --json` prints
 * @property {string} event_type
 * @property {string | null} name
 * @property {string} subdomain
 * @property {number} minor_version
 * @property {string | null} doc
 * @property {string | null} key_field
 * @property {readonly string[]} pii
 * @property {readonly string[]} produced_by
 * @property {string | null} since
 * @property {string | null} deprecated
 * @property {string | null} local_only
 * @property {readonly FieldFacts[]} fields
 *
 * @typedef {object} FieldFacts
 * @property {string} path
 * @property {string} type
 * @property {boolean} required
 * @property {unknown} [default]
 * @property {string | null} doc
 * @property {readonly string[]} pii
 */

/**
 * The page of one event of the catalogue.
 *
 * @param {EventFacts} event
 * @param {import('./wire-forms.mjs').WireForms | undefined} wire an example on both buses; undefined for an event that may
 *   not leave its process
 * @returns {string}
 */
export function eventPage(event, wire) {
  return `${[
    `# ${event.name ?? event.event_type}`,
    event.doc ?? '',
    ...(event.deprecated === null ? [] : [`> **Deprecated.** ${event.deprecated}`]),
    facts(event),
    '## Import',
    code('ts', importOf(event)),
    '## Fields',
    fields(event.fields),
    ...(wire === undefined ? [] : wireSections(wire)),
  ].join('\n\n')}\n`;
}

/**
 * The last part of the address of an event's page.
 *
 * @param {Pick<EventFacts, 'name' | 'event_type'>} event
 * @returns {string}
 */
export function slugOfEvent({ name, event_type }) {
  return (name ?? event_type).toLowerCase().replaceAll('_', '-').replaceAll('.', '-');
}

/** @param {EventFacts} event */
function facts(event) {
  /** @type {readonly (readonly [string, string])[]} */
  const rows = [
    ['type', `\`${event.event_type}\``],
    ['version', `minor version ${event.minor_version}`],
    ['key field', event.key_field === null ? 'none' : `\`${event.key_field}\``],
    ['personal data', event.pii.join(', ') || 'none'],
    ['produced by', event.produced_by.join(', ') || 'unknown'],
    ['since', event.since === null ? 'unknown' : `${packageOf(event)} ${event.since}`],
    ['bus', event.local_only === null ? 'may be sent over every bus' : `local only: ${event.local_only}`],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${cell(value)} |`)].join('\n');
}

/**
 * The Python package whose version `since` names.
 *
 * @param {EventFacts} event
 */
function packageOf({ produced_by }) {
  return produced_by.includes('openedx/openedx-core') ? 'openedx-core' : 'openedx-events';
}

/** @param {EventFacts} event */
function importOf({ name, event_type, subdomain }) {
  const folder = subdomain.replaceAll('_', '-');
  const file = slugOfEvent({ name, event_type });
  return `import { ${name} } from '@openedx-ts/events-catalog/${folder}/${file}';`;
}

/** @param {readonly FieldFacts[]} all */
function fields(all) {
  const rows = all.map((field) => {
    const needed = field.required
      ? 'yes'
      : 'default' in field
        ? `default \`${JSON.stringify(field.default)}\``
        : 'no';
    return `| \`${field.path}\` | \`${field.type}\` | ${needed} | ${field.pii.join(', ')} | ${cell(field.doc ?? '')} |`;
  });
  return ['| field | type | required | personal data | |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** @param {import('./wire-forms.mjs').WireForms} wire */
function wireSections({ data, kafka, redis, schema }) {
  return [
    '## On the wire',
    'One event with made-up data, as Python services and these packages write it. Bytes are hexadecimal.',
    code('json', data),
    '### Kafka',
    'The value is a zero byte, the id of the schema in the registry (here 1), and the Avro record. The key is framed in the same way.',
    table(['header', 'value'], kafka.headers),
    code('text', `value: ${wrapped(kafka.value)}`),
    '### Redis Streams',
    'The fields of the entry, in this order. Python services ignore `schema_fp` and `event_key`.',
    table(['field', 'value'], redis),
    '### Avro schema',
    code('json', schema),
  ];
}

/** @param {readonly string[]} head @param {readonly (readonly [string, string])[]} rows */
function table(head, rows) {
  const lines = rows.map(([name, value]) => `| \`${name}\` | \`${shortened(value)}\` |`);
  return [`| ${head.join(' | ')} |`, '|---|---|', ...lines].join('\n');
}

/** @param {string} text */
function shortened(text) {
  return text.length <= 100 ? text : `${text.slice(0, 80)}… (${text.length / 2} bytes)`;
}

/** @param {string} hex */
function wrapped(hex) {
  return hex.replace(/(.{64})/g, '$1\n       ').trimEnd();
}

/** @param {string} language @param {string} text */
function code(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** @param {string} text */
function cell(text) {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
