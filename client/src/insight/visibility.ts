/** Milliseconds that an element is hidden before that is told: to scroll past is not to come and go. */
export const HIDES_AFTER = 200;

/**
 * Tells whether an element can be seen: any part of it in the viewport of a page that is shown, or the picture-in-picture
 * window. Told first as soon as that is known, then with each change, until the returned function is called. An element that
 * is taken out of the document is hidden.
 */
export function watchVisibility(element: Element, onChange: (visible: boolean) => void): () => void {
  let intersects: boolean | undefined;
  let told: boolean | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  const tell = (visible: boolean) => {
    if (visible === told) return;
    told = visible;
    onChange(visible);
  };
  const look = () => {
    if (intersects === undefined) return;
    const inPage = intersects && document.visibilityState === 'visible';
    clearTimeout(hiding);
    if (inPage || document.pictureInPictureElement === element) tell(true);
    else hiding = setTimeout(tell, HIDES_AFTER, false);
  };

  // An observer reports an element that has left the document, too.
  const observer = new IntersectionObserver((entries) => {
    intersects = entries.at(-1)?.isIntersecting;
    look();
  });
  const stopped = new AbortController();
  const { signal } = stopped;
  observer.observe(element);
  document.addEventListener('visibilitychange', look, { signal });
  for (const event of PICTURE_IN_PICTURE) element.addEventListener(event, look, { signal });
  return () => {
    clearTimeout(hiding);
    observer.disconnect();
    stopped.abort();
  };
}

const PICTURE_IN_PICTURE = ['enterpictureinpicture', 'leavepictureinpicture'];
