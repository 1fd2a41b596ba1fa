/**
 * Which way imports point, types included. `npm run check` runs it as the step `structure`.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
const configuration = {
  forbidden: [
    {
      name: 'no-cycle-of-files',
      comment:
        'Files that import each other cannot be read one after another. Move the shared part to a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-cycle-of-folders',
      comment: 'Folders of a package depend on each other one way. Move the shared file to the lower folder.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^packages/[^/]+/src/' },
      to: { path: '^packages/[^/]+/src/', circular: true },
    },
    {
      name: 'no-import-of-own-entry-point',
      comment: 'An entry point is for other packages. Import the file that declares the name.',
      severity: 'error',
      from: {
        path: '^packages/([^/]+)/src/',
        pathNot: '/src/(index|bus|operate|metrics|opentelemetry)\\.ts$',
      },
      to: { path: '^packages/$1/src/((bus|operate)/)?(index|bus|operate|metrics|opentelemetry)\\.ts$' },
    },
    {
      name: 'no-admin-on-the-way-of-an-event',
      comment: 'Producing and consuming need nothing of the admin. Move the shared file out of admin/.',
      severity: 'error',
      from: {
        path: '^packages/(event-bus-[^/]+)/src/',
        pathNot: `/src/admin/|/src/(index|event-bus|[a-z]+-event-bus)\\.ts$`,
      },
      to: { path: '^packages/$1/src/admin/' },
    },
    ...[
      { library: 'kafkajs', folder: 'packages/event-bus-kafka/src/driver' },
      { library: 'ioredis', folder: 'packages/event-bus-redis/src/driver' },
      { library: 'avsc', folder: 'packages/events-avro/src/driver' },
      { library: '@opentelemetry/api', folder: 'packages/events-core/src/opentelemetry' },
    ].map(({ library, folder }) => ({
      name: `only-the-driver-imports-${library}`,
      comment: `The rest of the package sees ${folder} only, so that ${library} can be replaced there.`,
      severity: /** @type {const} */ ('error'),
      from: { path: '^packages/', pathNot: `^${folder}/` },
      to: { path: `(^|/)node_modules/${library}/` },
    })),
    {
      name: 'no-unresolvable-import',
      comment: 'The rules see only imports that resolve.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^aws-msk-iam-sasl-signer-js$' }, // declared, not installed: it brings the AWS SDK
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['@openedx-ts/source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts'],
    },
    doNotFollow: { path: 'node_modules' },
    // Tests may import from every folder: nothing imports them.
    exclude: { path: '(^|/)(dist|\\.cache|fixtures/packed)/|\\.test(-d|-support)?\\.ts$' },
  },
};

export default configuration;
