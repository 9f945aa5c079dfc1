import type { World } from './world.ts';

/** What must hold after every single step; undefined if it does. */
export function violation(world: World): string | undefined {
  if (world.violations.length > 0) return world.violations[0];
  const [contradiction] = world.cloud.contradictions;
  if (contradiction !== undefined) return contradiction;
  for (const { name, media, options } of world.nodes) {
    const held = media.server?.count ?? 0;
    if (held > options.capacity) return `${name} has ${held} endpoints, and room for ${options.capacity}`;
  }
  for (const { name, faults } of world.pages) if (faults.length > 0) return `${name}: ${faults[0]}`;
  return undefined;
}
