// A TrueType font of one glyph, written byte by byte: a check mark for the letter `y`. A browser
// shows a web font from another origin only under CORS, and only if the font is valid, so a page
// that shows this mark has proved both. OpenType 1.9 is the reference for each table.

/** The letter that shows as a check mark. */
export const glyphLetter = "y";

/** The check mark's outline in font units (1000 an em), clockwise. */
const outline: readonly (readonly [x: number, y: number])[] = [
  [60, 360],
  [170, 470],
  [360, 280],
  [780, 700],
  [890, 590],
  [360, 60],
];

const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value & 0xffff, index * 2));
  return bytes;
};
const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, index * 4));
  return bytes;
};

/** The font file. */
export function checkMarkFont(family = "Corsway Check"): Buffer {
  const glyph = simpleGlyph();
  const tables: Record<string, Buffer> = {
    "OS/2": os2(),
    cmap: cmap(),
    glyf: glyph,
    head: head(),
    hhea: Buffer.concat([
      u32(0x00010000),
      u16(800, -200, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 2),
    ]),
    hmtx: u16(1000, 0, 1000, 60),
    loca: u16(0, 0, glyph.length / 2), // glyph 0 (.notdef) is empty
    maxp: Buffer.concat([
      u32(0x00010000),
      u16(2, outline.length, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
    ]),
    name: name(family),
    post: Buffer.concat([u32(0x00030000, 0), u16(-100, 50), u32(0, 0, 0, 0, 0)]),
  };
  return assemble(tables);
}

function assemble(tables: Readonly<Record<string, Buffer>>): Buffer {
  const names = Object.keys(tables).sort();
  const power = 2 ** Math.floor(Math.log2(names.length));
  const header = [
    u32(0x00010000),
    u16(names.length, power * 16, Math.log2(power), (names.length - power) * 16),
  ];
  const bodies: Buffer[] = [];
  let at = 12 + names.length * 16;
  let headAt = 0;
  for (const tag of names) {
    const table = tables[tag] as Buffer;
    const padded = Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
    header.push(Buffer.from(tag.padEnd(4)), u32(checksum(padded), at, table.length));
    if (tag === "head") headAt = at;
    bodies.push(padded);
    at += padded.length;
  }
  const file = Buffer.concat([...header, ...bodies]);
  file.writeUInt32BE((0xb1b0afba - checksum(file)) >>> 0, headAt + 8);
  return file;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

function simpleGlyph(): Buffer {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const steps = (values: readonly number[]) =>
    values.map((value, index) => value - (index === 0 ? 0 : (values[index - 1] as number)));
  const bytes = Buffer.concat([
    u16(1, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)),
    u16(outline.length - 1, 0), // the only contour's last point; no instructions
    Buffer.alloc(outline.length, 0x01), // each point on the curve, both steps two bytes long
    u16(...steps(xs)),
    u16(...steps(ys)),
  ]);
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function head(): Buffer {
  return Buffer.concat([
    u32(0x00010000, 0x00010000, 0, 0x5f0f3cf5),
    u16(0x000b, 1000),
    u32(0, 0, 0, 0), // created, modified
    u16(0, 0, 1000, 800, 0, 8, 2, 0, 0),
  ]);
}

function cmap(): Buffer {
  const code = glyphLetter.charCodeAt(0);
  // Format 4, two segments: our letter, and 0xffff, which closes the table. A segment is four
  // columns: its end, its start, what to add for the glyph's number, and no further offset.
  const head = u16(4, 32, 0, 4, 4, 1, 0);
  const columns = u16(code, 0xffff, 0, code, 0xffff, 1 - code, 1, 0, 0);
  const segments = Buffer.concat([head, columns]);
  return Buffer.concat([u16(0, 1, 3, 1), u32(12), segments]);
}

function name(family: string): Buffer {
  const records: readonly (readonly [id: number, text: string])[] = [
    [1, family],
    [2, "Regular"],
    [4, family],
    [6, family.replaceAll(" ", "")],
  ];
  const strings = records.map(([, text]) => Buffer.from(text, "utf16le").swap16());
  let at = 0;
  const rows = records.map(([id], index) => {
    const length = (strings[index] as Buffer).length;
    const row = u16(3, 1, 0x409, id, length, at);
    at += length;
    return row;
  });
  return Buffer.concat([u16(0, records.length, 6 + records.length * 12), ...rows, ...strings]);
}

function os2(): Buffer {
  const code = glyphLetter.charCodeAt(0);
  return Buffer.concat([
    u16(4, 1000, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0),
    Buffer.alloc(10), // PANOSE: any
    u32(1, 0, 0, 0), // Basic Latin
    Buffer.from("CRSW"),
    u16(0x40, code, code, 800, -200, 0, 1000, 200),
    u32(1, 0),
    u16(500, 700, 0, 32, 1),
  ]);
}
