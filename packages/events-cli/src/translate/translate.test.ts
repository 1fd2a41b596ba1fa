import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as keys from '@openedx-ts/events-catalog/keys';
import * as core from '@openedx-ts/events-core';
import { snapshotSignals } from '@openedx-ts/events-core/bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionOf } from '../definitions/definition-of.js';
import type { EventDefinition } from '../definitions/event-definition.js';
import { INVOICE_PAID } from '../own-events.test-support.js';
import { run, temporaryFolder } from '../run.test-support.js';
import { allKnownSignals } from '../signals/known-signals.js';

const folder = temporaryFolder();
const restore = snapshotSignals();
afterAll(() => {
  folder[Symbol.dispose]();
  restore();
});

/** The definitions that a TypeScript module registers in a process of its own. */
async function definitionsIn(text: string): Promise<ReadonlyMap<string, EventDefinition>> {
  const { default: ts } = await import('typescript');
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const forgetAll = snapshotSignals();
  const loaded: core.OpenEdxPublicSignal[] = [];
  const modules: Readonly<Record<string, unknown>> = {
    '@openedx-ts/events-catalog/keys': keys,
    '@openedx-ts/events-core': {
      ...core,
      // As in a process that has not loaded the catalogue.
      defineSignal: (definition: { readonly eventType: string }) => {
        const eventType = `${definition.eventType.replace(/\.v\d+$/, '')}.copied.v1`;
        const signal = core.defineSignal({ irregularEventType: 'a copy', ...definition, eventType } as never);
        loaded.push(signal as never);
        return signal;
      },
    },
  };
  new Function('require', 'exports', outputText)((name: string) => modules[name], {});
  forgetAll();
  return new Map(loaded.map((signal) => [signal.eventType.replace('.copied.v1', ''), definitionOf(signal)]));
}

const withoutVersion = (eventType: string) => eventType.replace(/\.v\d+$/, '');

describe('the events of the catalogue', () => {
  let signals: readonly core.OpenEdxPublicSignal[];
  beforeAll(async () => {
    signals = (await allKnownSignals()).filter(
      ({ eventType, about }) => about.localOnly === undefined && eventType.startsWith('org.openedx.'),
    );
  });

  it('are the same after export python and import python', async () => {
    for (const { eventType } of signals) {
      const exported = await run(['export', 'python', eventType]);
      expect(exported.code, exported.stderr).toBe(0);
      const file = join(folder.path, 'events.py');
      writeFileSync(file, exported.stdout);
      const imported = await run(['import', 'python', file]);
      expect(imported.code, imported.stderr).toBe(0);
      const copy = (await definitionsIn(imported.stdout)).get(withoutVersion(eventType));
      expect(copy).toEqual(definitionOf(signals.find((one) => one.eventType === eventType) as never));
    }
  });

  it('are the same after schema generate and import avsc', async () => {
    await run(['schema', 'generate', ...signals.map(({ eventType }) => eventType), '--out', folder.path]);
    for (const signal of signals) {
      const file = `${signal.eventType.replaceAll('.', '+')}_schema.avsc`;
      const imported = await run(['import', 'avsc', file], { cwd: folder.path });
      expect(imported).toMatchObject({ code: 0, stderr: '' });
      const copy = (await definitionsIn(imported.stdout)).get(withoutVersion(signal.eventType));
      expect(copy).toEqual(definitionOf(signal));
    }
  });
});

describe('export python', () => {
  it('warns of what Python cannot carry, and import python gives the same definition', async () => {
    const { stdout, stderr } = await run(['export', 'python', INVOICE_PAID.eventType]);
    expect(stderr.split('\n').sort()).toEqual([
      '',
      'warning: com.example.billing.invoice.paid.v1: invoice.channel: Python reads false, 0, an empty text, list or map as the default',
      'warning: com.example.billing.invoice.paid.v1: invoice.lines[].total: Money travels as string, which Python does not check',
      'warning: com.example.billing.invoice.paid.v1: invoice.lines[]: a list or map of records needs openedx-events 11',
      'warning: com.example.billing.invoice.paid.v1: invoice.seal: Python services receive bytes, and cannot send them',
      'warning: com.example.billing.invoice.paid.v1: invoice.total: Money travels as string, which Python does not check',
    ]);
    expect(stdout).toContain('    note = attr.ib(type=str, default=None, metadata={"pii": ["other"]})\n');
    const file = join(folder.path, 'invoice.py');
    writeFileSync(file, stdout);
    const imported = await run(['import', 'python', file]);
    const copy = (await definitionsIn(imported.stdout)).get('com.example.billing.invoice.paid');
    expect(copy).toEqual(definitionOf(INVOICE_PAID as never));
  });

  it('refuses two events that mean different records by one name', async () => {
    const types = [
      'org.openedx.learning.course.enrollment.created.v1',
      'org.openedx.content_authoring.course.created.v1',
    ];
    expect(await run(['export', 'python', ...types])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('different records of the name CourseData'),
    });
  });
});

describe('import python', () => {
  const importing = (text: string, ...args: string[]) => {
    writeFileSync(join(folder.path, 'given.py'), text);
    return run(['import', 'python', 'given.py', ...args], { cwd: folder.path });
  };

  it('reads what services write: base classes, annotations, defaults, optional types', async () => {
    const { code, stdout, stderr } = await importing(
      `
from typing import Optional
import attrs
from attrs import define, field
from openedx_events.tooling import OpenEdxPublicSignal

@define(frozen=True)
class Base:
    """A base."""
    id: int
    name: str = ''

@attrs.define
class Order(Base):
    note: Optional[str] = None
    tags: list[str] = field(factory=list)
    size: "float | None" = 3.5 if False else None
    def total(self):
        return 1
`.replace('    size: "float | None" = 3.5 if False else None\n', '    size: float | None = None\n') +
        `
# .. event_key_field: order.id
# .. event_description: It's placed.
placed = OpenEdxPublicSignal(
    event_type='com.example.shop.order.' 'placed.v1',
    data={'order': data.Order, 'by': str},
    minor_version=2,
)
`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(
      stdout,
    ).toBe(`import { defineSignal, double, list, long, optional, record, string, withDefault } from '@openedx-ts/events-core';

const Order = record('Order', {
  id: long(),
  name: withDefault(string(), ''),
  note: optional(string()),
  tags: withDefault(list(string()), []),
  size: optional(double()),
});

/** It's placed. */
export const ORDER_PLACED = defineSignal({
  eventType: 'com.example.shop.order.placed.v1',
  minorVersion: 2,
  doc: 'It\\'s placed.',
  eventKeyField: 'order.id',
  data: {
    order: Order,
    by: string(),
  },
});
`);
  });

  it.each([
    ['x = 1', 'no such OpenEdxPublicSignal'],
    ['A = OpenEdxPublicSignal(event_type=NAME, data={})', 'A: event_type must be a text'],
    ['A = OpenEdxPublicSignal(event_type="a", data={"b": Missing})', 'there is no class Missing'],
    ['class B:\n  x: B\nA = OpenEdxPublicSignal(event_type="a", data={"b": B})', 'contains itself'],
    ['class B:\n  x: Set[int]\nA = OpenEdxPublicSignal(event_type="a", data={"b": B})', 'B.x: its type'],
    [
      'class B:\n  x = attr.ib(type=int, factory=make)\nA = OpenEdxPublicSignal(event_type="a", data={"b": B})',
      'B.x: the factory',
    ],
  ])('refuses %j', async (text, reason) => {
    expect(await importing(text)).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
  });

  it('imports only the events of --types', async () => {
    const signal = (type: string) => `S = OpenEdxPublicSignal(event_type="${type}", data={"n": int})\n`;
    const text = signal('com.example.a.b.c.v1') + signal('com.example.a.b.d.v1');
    const { stdout } = await importing(text, '--types', 'com.example.a.b.d.v1');
    expect(stdout).toContain('a.b.d.v1');
    expect(stdout).not.toContain('a.b.c.v1');
  });
});

describe('import avsc', () => {
  const importing = (schema: object) => {
    writeFileSync(join(folder.path, 'given.avsc'), JSON.stringify(schema));
    return run(['import', 'avsc', 'given.avsc'], { cwd: folder.path });
  };
  const event = (...types: unknown[]) => ({
    type: 'record',
    name: 'CloudEvent',
    namespace: 'com.example.shop.order.placed.v1',
    fields: types.map((type, index) => ({ name: `f${index}`, type })),
  });

  it('writes what a schema has, and notes what it lacks', async () => {
    const { stdout, stderr } = await importing(event('int', ['null', { type: 'map', values: 'float' }]));
    expect(stdout).toContain('    f0: long(),\n    f1: optional(map(double())),\n');
    expect(stderr).toContain('a schema has no custom types, pii and key');
  });

  it.each([
    [event(['null', 'int', 'string']), 'f0: a union of several types'],
    [event({ type: 'enum', name: 'E', symbols: ['A'] }), "f0: Avro's enum"],
    [{ type: 'record', name: 'Other', fields: [] }, 'not the schema of an event'],
  ])('refuses %j', async (schema, reason) => {
    expect(await importing(schema)).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
  });
});
