import { useCall } from './context.ts';
import { useStored } from './store.ts';

/** There from the beginning: what is put into a status later, screen readers tell. */
export function ToastList() {
  const { toasts } = useCall();
  const shown = useStored(toasts.store, (state) => state.shown);
  const whispered = useStored(toasts.store, (state) => state.whispered);
  return (
    <div className="toasts" role="status" data-testid="news">
      {shown.map(({ id, text }, index) => (
        <p key={id} className="toast" style={{ translate: `-50% ${(index - shown.length) * 52}px` }}>
          {text}
        </p>
      ))}
      <p className="visually-hidden">{whispered}</p>
    </div>
  );
}
