import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { Brand } from './brand.tsx';

export interface ScreenProps {
  /** In the browser's tab. */
  title: string;
  children: ReactNode;
}

/** A page outside the call. It takes the keyboard's and the screen reader's focus along, unless something in it has taken it already. */
export function Screen({ title, children }: ScreenProps) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · Hyperroom`;
  }, [title]);
  useLayoutEffect(() => {
    if (!main.current?.contains(document.activeElement)) main.current?.focus();
  }, []);
  return (
    <main className="screen" ref={main} tabIndex={-1}>
      <Brand />
      {children}
    </main>
  );
}
