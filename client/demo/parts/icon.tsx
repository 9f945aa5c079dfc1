import { type IconName, PATHS } from './icon-paths.ts';

export type { IconName } from './icon-paths.ts';

/** A picture beside words, or on a button that has a label: hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
