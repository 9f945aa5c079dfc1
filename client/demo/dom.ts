type Child = Node | string | undefined | false;

/** Attributes by their HTML names; functions are event listeners (`onclick`), booleans are present or absent. */
type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>;

/** Makes an element. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (typeof value === 'string') element.setAttribute(name, value);
    else element.toggleAttribute(name, value === true);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Shows a screen in place of the current one, and takes the keyboard's and the screen reader's focus there. */
export function show(screen: HTMLElement, title: string): void {
  document.title = `${title} · Hyperroom`;
  document.querySelector('#app')?.replaceChildren(screen);
  screen.tabIndex = -1;
  screen.focus();
}
