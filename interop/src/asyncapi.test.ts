import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { runCommand } from './run-command.test-support.js';

describe('export asyncapi of the whole catalogue', () => {
  it.each(['kafka', 'redis'])(
    'is accepted by the official parser without a word: %s',
    async (bus) => {
      const { code, stdout } = await runCommand(['export', 'asyncapi', 'org.openedx.*', '--bus', bus]);
      expect(code).toBe(0);
      const parser = new Parser();
      parser.registerSchemaParser(AvroSchemaParser());
      const { document, diagnostics } = await parser.parse(stdout);
      expect(diagnostics).toEqual([]);
      expect(document?.allMessages().length).toBe(73);
    },
    30_000,
  );
});
