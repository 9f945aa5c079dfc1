import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, vi } from 'vitest';

const mounted = new Set<Mounted>();

/** Something that is rendered into the document. */
export interface Mounted {
  readonly element: HTMLElement;
  render(node: ReactNode): Promise<void>;
  unmount(): Promise<void>;
}

/** Has `mount` work in the tests of a file, and leaves an empty document after each. */
export function stubReact(): void {
  beforeEach(() => {
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    // Happy DOM's own takes no streams but its own.
    Object.defineProperty(HTMLVideoElement.prototype, 'srcObject', { value: null, writable: true, configurable: true });
  });
  afterEach(async () => {
    for (const each of mounted) await each.unmount();
  });
}

/** Renders into the document; resolves when the effects have run. */
export async function mount(node: ReactNode): Promise<Mounted> {
  const element = document.body.appendChild(document.createElement('div'));
  const root = createRoot(element);
  const render = (next: ReactNode) => act(async () => root.render(next));
  const self: Mounted = {
    element,
    render,
    async unmount() {
      mounted.delete(self);
      await act(async () => root.unmount());
      element.remove();
    },
  };
  mounted.add(self);
  await render(node);
  return self;
}

/** Does something, and resolves when all that it leads to is rendered. */
export const doing = (what: () => unknown): Promise<void> => act(async () => void (await what()));

/** What is under a label: that of its attribute, or its text. */
export function labelled(element: ParentNode, label: string): HTMLElement {
  const all = [...element.querySelectorAll<HTMLElement>('[aria-label], button')];
  const found = all.find((each) => (each.getAttribute('aria-label') ?? each.textContent) === label);
  if (!found) throw new Error(`nothing is called ${label}: ${all.map((each) => each.outerHTML).join('\n')}`);
  return found;
}
