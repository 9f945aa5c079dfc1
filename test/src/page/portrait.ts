/** A friendly picture of somebody who is not there: drawn, so that it may be shown anywhere. */
export interface Portrait {
  /** Whom it shows: the same name has the same face and the same room. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

const SKINS = ['#f3cdb1', '#e0ac87', '#c58a63', '#9a6546', '#6f4632'];
const HAIRS = ['#2b2320', '#5a3a28', '#8a5a34', '#c79a5b', '#3b3b45', '#a8a29e'];
const SHIRTS = ['#3f7d6b', '#b0563f', '#4a6aa5', '#d0a13b', '#7b5a94', '#2f4858', '#a4446a'];
const WALLS = ['#e7d9c4', '#cfdcd3', '#d9d3e4', '#f0d9cc', '#c9d7e3', '#e4e0c9'];

/** Paints one moment of a portrait; `seconds` have passed since the first. */
export function paintPortrait(paint: CanvasRenderingContext2D, portrait: Portrait, seconds: number): void {
  const seed = seedOf(portrait.name);
  const pick = (choices: readonly string[], digit: number) => choices[(seed >> digit) % choices.length] ?? '#888';
  const { width, height } = portrait;
  paint.save();
  // All that follows is in a picture of 160 by 90.
  paint.scale(width / 160, height / 90);
  paintRoom(paint, pick(WALLS, 3), seed);
  paint.translate(80 + Math.sin(seconds * 0.7 + seed) * 1.5, Math.sin(seconds * 1.1 + seed) * 0.6);
  const colours = { skin: pick(SKINS, 5), hair: pick(HAIRS, 7), shirt: pick(SHIRTS, 1) };
  paintPerson(paint, colours, { hasLongHair: (seed & 4) > 0, blinks: (seconds + (seed % 4)) % 4 < 0.25 });
  paint.restore();
}

/** A wall in the light of a window, and a shelf or a plant. */
function paintRoom(paint: CanvasRenderingContext2D, wall: string, seed: number): void {
  const light = paint.createLinearGradient(0, 0, 160, 90);
  light.addColorStop(0, '#ffffff');
  light.addColorStop(0.35, wall);
  light.addColorStop(1, '#8d8578');
  paint.fillStyle = light;
  paint.fillRect(0, 0, 160, 90);
  const isLeft = seed % 2 === 0;
  paint.fillStyle = '#ffffff66';
  paint.fillRect(isLeft ? 112 : 14, 10, 34, 40);
  paint.fillStyle = '#5f7f5a';
  for (const lean of [-8, -3, 3, 8]) ellipse(paint, (isLeft ? 22 : 138) + lean, 52 - Math.abs(lean), 3, 14);
  paint.fillStyle = '#b5764f';
  paint.fillRect(isLeft ? 14 : 130, 64, 16, 26);
}

interface Colours {
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
}

function paintPerson(
  paint: CanvasRenderingContext2D,
  { skin, hair, shirt }: Colours,
  { hasLongHair, blinks }: { hasLongHair: boolean; blinks: boolean },
): void {
  paint.fillStyle = hair;
  if (hasLongHair) ellipse(paint, 0, 46, 19, 26);
  paint.fillStyle = shirt;
  ellipse(paint, 0, 96, 38, 30);
  paint.fillStyle = skin;
  paint.fillRect(-6, 54, 12, 13);
  ellipse(paint, 0, 67, 6, 4);
  ellipse(paint, 0, 44, 14.5, 18);
  paint.fillStyle = hair;
  paint.beginPath();
  paint.ellipse(0, 36, 15.5, 14, 0, Math.PI, 0);
  paint.ellipse(4, 36, 11, 4, -0.2, 0, Math.PI);
  paint.fill();
  paint.fillStyle = '#2a211d';
  for (const x of [-5.5, 5.5]) ellipse(paint, x, 45, 1.5, blinks ? 0.3 : 1.8);
  paint.strokeStyle = '#7d3f35';
  paint.lineWidth = 1.2;
  paint.beginPath();
  paint.arc(0, 50, 5.5, 0.25 * Math.PI, 0.75 * Math.PI);
  paint.stroke();
}

function ellipse(paint: CanvasRenderingContext2D, x: number, y: number, across: number, down: number): void {
  paint.beginPath();
  paint.ellipse(x, y, across, down, 0, 0, 2 * Math.PI);
  paint.fill();
}

function seedOf(name: string): number {
  return [...name].reduce((sum, letter) => Math.imul(sum ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 1, 0x51f15e);
}

/** A slide, as somebody's shared screen. */
export function paintSlide(paint: CanvasRenderingContext2D, width: number, height: number): void {
  paint.save();
  paint.scale(width / 160, height / 90);
  paint.fillStyle = '#fbfaf7';
  paint.fillRect(0, 0, 160, 90);
  paint.fillStyle = '#23372f';
  paint.font = 'bold 9px sans-serif';
  paint.fillText('Where the milliseconds go', 12, 18);
  const bars = [38, 22, 56, 30, 74, 48];
  bars.forEach((height, index) => {
    paint.fillStyle = index === 4 ? '#c7603f' : '#3f7d6b';
    paint.fillRect(14 + index * 23, 80 - height * 0.7, 15, height * 0.7);
  });
  paint.fillStyle = '#23372f44';
  paint.fillRect(10, 80, 142, 0.6);
  paint.restore();
}
