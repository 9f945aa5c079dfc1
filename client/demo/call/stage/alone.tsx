import { useCall } from '../context.ts';
import { CopyLink } from '../copy-link.tsx';
import type { Box } from './grid-layout.ts';

/** Beside one's own picture, where the next one will be. */
export function Alone({ x, y, width, height }: Box) {
  const { link } = useCall();
  return (
    <li className="alone" style={{ width, height, transform: `translate(${x}px, ${y}px)` }} data-testid="alone">
      <strong>You’re the first one here</strong>
      <span>Send the link to those you want to talk to.</span>
      <CopyLink link={link} look="primary" />
    </li>
  );
}
