import { type Box, grid, type Size } from './grid-layout.ts';

/** Narrower than this, a tile of the grid shows nobody any more. */
const SMALLEST = 150;
/** What the control that turns pages takes, below the pictures. */
const PAGER = 44;

export interface Demand {
  /** How many are shown large. */
  featured: number;
  /** Whether those are screens, which use all the place they get. */
  isScreen: boolean;
  /** How many are shown beside those; if there are none, these have the stage for themselves. */
  others: number;
  page: number;
  stage: Size;
  gap: number;
}

export interface Arrangement {
  featured: Box[];
  others: Box[];
  page: number;
  pages: number;
  /** How many of the others stand on a page. */
  perPage: number;
  /** Below what the pages are turned. */
  turning: Box;
}

/** Where everything on the stage stands. */
export function arrange(demand: Demand): Arrangement {
  const arrangement = arranged(demand, 0);
  // There is more than fits: what turns the pages needs a place as well.
  return arrangement.pages === 1 ? arrangement : arranged(demand, PAGER);
}

function arranged(demand: Demand, pager: number): Arrangement {
  const { featured, isScreen, others, page, stage, gap } = demand;
  const whole = { x: 0, y: 0, ...stage };
  if (featured === 0) {
    const area = shortened(whole, pager);
    const step = { x: stage.width + gap, y: 0 };
    const { boxes, ...pages } = grid(others, { area, gap, smallest: SMALLEST, page, step });
    return { featured: [], others: boxes, turning: area, ...pages };
  }
  const { main, aside } = split(whole, demand);
  const large = isScreen ? cells(featured, main, gap) : unpaged(featured, main, gap);
  const area = shortened(aside, pager);
  const step = { x: 0, y: stage.height + gap };
  const smallest = isWide(stage) ? aside.width : SMALLEST;
  const { boxes, ...pages } = grid(others, { area, gap, smallest, page, step });
  return { featured: large, others: boxes, turning: area, ...pages };
}

function shortened(area: Box, by: number): Box {
  return { ...area, height: Math.max(0, area.height - by) };
}

const isWide = ({ width, height }: Size) => width > height * 1.1;

/** Others stand beside what is featured on a wide stage, and below it on a high one. */
function split(whole: Box, { others, stage, gap, featured }: Demand): { main: Box; aside: Box } {
  if (others === 0) return { main: whole, aside: { ...whole, height: 0 } };
  if (isWide(stage)) {
    const width = Math.round(clamp(130, whole.width * 0.2, 260));
    const x = whole.x + whole.width - width;
    return { main: { ...whole, width: whole.width - width - gap }, aside: { ...whole, x, width } };
  }
  const height = Math.round(clamp(whole.height * 0.42, (whole.width * featured * 9) / 16, whole.height * 0.64));
  const y = whole.y + height + gap;
  return { main: { ...whole, height }, aside: { ...whole, y, height: whole.height - height - gap } };
}

function unpaged(count: number, area: Box, gap: number): Box[] {
  return grid(count, { area, gap, smallest: 0, page: 0, step: { x: 0, y: 0 } }).boxes;
}

/** An area cut up without remainder, so that screens, which are wide, are as large as can be. */
function cells(count: number, { x, y, width, height }: Box, gap: number): Box[] {
  const cuts = Array.from({ length: count }, (_, index) => {
    const columns = index + 1;
    const rows = Math.ceil(count / columns);
    const size = {
      width: Math.floor((width - gap * (columns - 1)) / columns),
      height: Math.floor((height - gap * (rows - 1)) / rows),
    };
    return { columns, size, picture: Math.min(size.width, (size.height * 16) / 9) };
  });
  const { columns, size } = cuts.reduce((best, cut) => (cut.picture > best.picture ? cut : best));
  return Array.from({ length: count }, (_, index) => ({
    x: x + (index % columns) * (size.width + gap),
    y: y + Math.floor(index / columns) * (size.height + gap),
    ...size,
  }));
}

function clamp(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
