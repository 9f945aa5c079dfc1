/** Tiles between these proportions (width by height) look like people. */
const NARROWEST = 6 / 5;
const WIDEST = 16 / 9;
/** Below this width nobody is recognised any more: rather than that, the tiles are scrolled. */
const SMALLEST = 140;

export interface TileSize {
  width: number;
  height: number;
}

/** The size at which `count` equal tiles fill an area best. All measures in CSS pixels. */
export function tileSize(count: number, width: number, height: number, gap: number): TileSize {
  let best = { width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = fitted((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows);
    if (tile.width * tile.height > best.width * best.height) best = tile;
  }
  return best.width < SMALLEST ? smallest(width, gap) : best;
}

/** The largest tile of a sound proportion inside a cell. */
function fitted(width: number, height: number): TileSize {
  const cell = { width: Math.max(0, Math.floor(width)), height: Math.max(0, Math.floor(height)) };
  return {
    width: Math.min(cell.width, Math.floor(cell.height * WIDEST)),
    height: Math.min(cell.height, Math.floor(cell.width / NARROWEST)),
  };
}

/** As many tiles in a row as can be, whatever the height comes to. */
function smallest(areaWidth: number, gap: number): TileSize {
  const columns = Math.max(1, Math.floor((areaWidth + gap) / (SMALLEST + gap)));
  const width = Math.floor((areaWidth - gap * (columns - 1)) / columns);
  return { width, height: Math.floor(width / WIDEST) };
}
