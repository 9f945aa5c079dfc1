/** Makes an element: its attributes, then what is in it. What is undefined or false is left out; `aria-…` says that it is false. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    const isState = key.startsWith('aria-');
    if (value === undefined || (value === false && !isState)) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true && !isState ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined && child !== false && child !== null));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svgElement(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

const shown = new WeakMap();

/** Shows something anew where it has changed; who is at one of its controls stays there. */
export function show(container, model, build) {
  const text = JSON.stringify(model);
  if (shown.get(container) === text) return;
  shown.set(container, text);
  const { key } = document.activeElement?.dataset ?? {};
  const isInside = container.contains(document.activeElement);
  container.replaceChildren(...[build(model)].flat());
  if (isInside && key) container.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}
