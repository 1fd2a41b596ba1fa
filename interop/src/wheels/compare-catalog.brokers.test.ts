import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { pythonOrReason } from '../python-environment.js';
import { catalogEvents } from './catalog-events.js';
import { compareCatalog } from './compare-catalog.js';
import { comparedWheels } from './compared-wheels.js';
import { downloadWheel } from './download-wheel.js';
import { printComparison } from './print-comparison.js';
import { wheelEvents } from './wheel-events.js';

const { python, reason } = await pythonOrReason();
const folder = mkdtempSync(join(tmpdir(), 'wheels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(reason !== undefined)(`the catalogue and the wheels${reason ? ` (${reason})` : ''}`, () => {
  it('are the same: 81 events, 6 of them of openedx-core, without a difference that is not intended', async () => {
    const wheels = await Promise.all(comparedWheels.map((wheel) => downloadWheel(python, wheel)));
    const theirs = await wheelEvents(python, wheels);
    expect(Object.keys(theirs)).toHaveLength(81);
    expect(Object.keys(theirs).filter((type) => type.startsWith('org.openedx.content.'))).toHaveLength(6);
    expect(compareCatalog(theirs, catalogEvents())).toEqual([]);
  });

  it('differ where a wheel does: each difference is named, and the command exits 1', async () => {
    const wheel = await wheelOf({
      '__init__.py': '',
      'models.py': modelsModule,
      'data.py': dataModule,
      'signals.py': signalsModule,
    });
    const theirs = await wheelEvents(python, [wheel]);
    expect(theirs).toEqual({
      'org.example.shop.order.placed.v1': {
        name: 'ORDER_PLACED',
        minor_version: 3,
        fields: [
          ['order', 'OrderData'],
          ['order.id', 'int'],
          ['order.lines', 'list[LineData] = []'],
          ['order.lines[].count', 'int = 1'],
          ['order.lines[].gifts', 'dict[str, list[str]] = {}'],
          ['order.note', 'str | None'],
        ],
      },
    });
    let written = '';
    const write = (text: string) => {
      written += text;
    };
    const code = printComparison({ theirs, ours: catalogEvents(), against: 'shop 1.0', write });
    expect(code).toBe(1);
    expect(written).toContain('org.example.shop.order.placed.v1: the catalogue does not have it\n');
    expect(written).toContain('org.openedx.learning.badge.awarded.v1: no wheel has it\n');
    expect(written).toContain('81 events compared with the 1 of shop 1.0: 85 differences\n');
  });
});

/** With what a wheel may hold: types of Python 3.12, imports by relative name, both notations of classes, inheritance. */
const modelsModule = `
from typing import NewType
class Order:
    OrderID = NewType("OrderID", int)
    type ID = OrderID
`;
const dataModule = `
import attr
from attrs import define, field
from .models import Order
@define
class LineData:
    count: int = 1
    gifts: dict[str, list[str]] = field(factory=dict)
class BaseData:
    id: Order.ID
@attr.s(frozen=True)
class OrderData(BaseData):
    lines = attr.ib(type=List[LineData], factory=list)
    note = attr.ib(type=str, default=None)
`;
const signalsModule = `
from openedx_events.tooling import OpenEdxPublicSignal
from .data import OrderData
ORDER_PLACED = OpenEdxPublicSignal(
    event_type="org.example.shop.order.placed.v1", minor_version=3, data={"order": OrderData}
)
`;

async function wheelOf(files: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(join(folder, 'shop'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'shop', name), text);
  const wheel = join(folder, 'shop-1.0-py3-none-any.whl');
  await promisify(execFile)(python, ['-m', 'zipfile', '-c', wheel, join(folder, 'shop')]);
  return wheel;
}
