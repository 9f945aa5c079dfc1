/*
 * A number in a picture that survives its encoding: a strip of light and dark squares along its upper edge, one for each bit.
 * Whoever decodes the picture knows which one it is, over whatever connection it came.
 */

const BITS = 16;
/** The strip's part of the picture's height. */
const STRIP = 1 / 9;
/** Luma between which a square is neither light nor dark: the picture is too poor to be read. */
const [DARK, LIGHT] = [90, 165];

/** Numbers begin anew after this many pictures: an hour at fifteen a second. */
export const NUMBERS = 2 ** BITS;

export function paintNumber(paint: CanvasRenderingContext2D, number: number): void {
  const { width, height } = paint.canvas;
  const size = width / BITS;
  for (let bit = 0; bit < BITS; bit++) {
    paint.fillStyle = (number >> bit) & 1 ? 'white' : 'black';
    paint.fillRect(bit * size, 0, size, height * STRIP);
  }
}

/** Undefined if it cannot be told. */
export async function readNumber(frame: VideoFrame): Promise<number | undefined> {
  const { width, height, x, y } = frame.visibleRect ?? new DOMRect();
  if (width === 0) return undefined;
  // Two lines through the middle of the strip: the other planes have one line for two.
  const line = 2 * Math.floor((height * STRIP) / 4);
  const rect = { x, y: y + line, width, height: 2 };
  const pixels = new Uint8Array(frame.allocationSize({ rect }));
  const [luma] = await frame.copyTo(pixels, { rect });
  if (!luma) return undefined;
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const value = pixels[luma.offset + Math.floor(((bit + 0.5) * width) / BITS)] ?? 0;
    if (value > DARK && value < LIGHT) return undefined;
    if (value >= LIGHT) number += 2 ** bit;
  }
  return number;
}
