import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** A message that must not be missed. */
export function Notice({ children, testid = 'notice' }: { children: ReactNode; testid?: string }) {
  return (
    <div className="notice" role="alert" data-testid={testid}>
      <Icon name="warning" />
      <div>{children}</div>
    </div>
  );
}
