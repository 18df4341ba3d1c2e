// A ZIP archive of files as they are, not packed any further: PNG is packed already.
const TABLE = Uint32Array.from({ length: 256 }, (_, number) => {
  for (let bit = 0; bit < 8; bit++) number = number & 1 ? (number >>> 1) ^ 0xedb88320 : number >>> 1;
  return number;
});

function checksum(bytes) {
  let sum = ~0;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** Numbers in little endian, `[bytes, value]` one after another. */
function pack(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return view.buffer;
}

const UTF8 = 0x800;
const VERSION = 20;
const DAY = 0x21; // 1980-01-01: the archive of the same pictures is the same archive

/** The archive of `[{name, blob}]`. */
export async function zipped(files) {
  const body = [];
  const index = [];
  let at = 0;
  for (const { name, blob } of files) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const title = new TextEncoder().encode(name);
    const facts = [[2, UTF8], [2, 0], [2, 0], [2, DAY], [4, checksum(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]];
    body.push(pack([4, 0x04034b50], [2, VERSION], ...facts), title, blob);
    index.push(pack([4, 0x02014b50], [2, VERSION], [2, VERSION], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), title);
    at += 30 + title.length + bytes.length;
  }
  const size = index.reduce((sum, part) => sum + part.byteLength, 0);
  const end = pack([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, at], [2, 0]);
  return new Blob([...body, ...index, end], { type: "application/zip" });
}
