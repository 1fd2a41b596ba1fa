/**
 * The navigation beside each page.
 *
 * @param {readonly { readonly text: string, readonly link: string }[]} events pages of the catalogue's events
 */
export function sidebar(events) {
  return [
    ...written,
    { text: 'Events', collapsed: true, items: [{ text: 'All events', link: '/events/' }, ...events] },
  ];
}

/** @param {string} text @param {string} link */
const page = (text, link) => ({ text, link });

const written = [
  {
    text: 'Guide',
    items: [
      page('Start', '/guide/start'),
      page('Define an event', '/guide/define-an-event'),
      page('Change an event', '/guide/change-an-event'),
      page('Send and route', '/guide/send-and-route'),
      page('Consume', '/guide/consume'),
      page('Receive in batches', '/guide/batches'),
      page('Events and transactions', '/guide/transactions'),
      page('When a receiver fails', '/guide/failures'),
      page('Dead letters and replay', '/guide/dead-letters'),
      page('Observe', '/guide/observe'),
      page('Personal data', '/guide/personal-data'),
      page('Develop on your machine', '/guide/develop'),
      page('Test', '/guide/test'),
      page('Recipes', '/guide/recipes'),
      page('Scale', '/guide/scale'),
      page('Write a bus', '/guide/write-a-bus'),
    ],
  },
  {
    text: 'Beside Python',
    items: [
      page('How-tos of openedx-events', '/guide/how-tos'),
      page('An event in both languages', '/guide/both-languages'),
      page('AsyncAPI', '/guide/asyncapi'),
      page('Join a deployment', '/guide/join-a-deployment'),
      page('Migrate from the Python settings', '/guide/migrate-from-python'),
      page('Python parity', '/reference/python-parity'),
      page('Open edX releases', '/reference/open-edx-releases'),
    ],
  },
  {
    text: 'Operate',
    items: [
      page('Console', '/guide/console'),
      page('Symptoms', '/guide/symptoms'),
      page('Deploy', '/deploy'),
      page('Redis', '/guide/redis'),
      page('Kafka', '/guide/kafka'),
      page('Reliability', '/reliability'),
      page('Security', '/security'),
    ],
  },
  {
    text: 'Reference',
    items: [
      page('Options', '/reference/options'),
      page('Settings', '/reference/settings'),
      page('Errors', '/reference/errors'),
      page('Glossary', '/reference/glossary'),
      page('Stored forms', '/reference/stored-forms'),
      page('Bounds of memory', '/reference/bounds'),
      page('Benchmarks', '/benchmarks'),
      page('Architecture', '/architecture'),
      page('Contributing', '/contributing'),
    ],
  },
  {
    text: 'Packages',
    collapsed: true,
    items: [
      'events-core',
      'events-avro',
      'events-catalog',
      'opaque-keys',
      'event-bus-memory',
      'event-bus-redis',
      'event-bus-kafka',
      'events-sql',
      'events-outbox',
      'events-inbox',
      'events-console',
      'events-nestjs',
      'events-testing',
      'events-cli',
    ].map((name) => page(name, `/packages/${name}`)),
  },
];
