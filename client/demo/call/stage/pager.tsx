import { IconButton } from '../../parts/icon-button.tsx';

export interface PagerProps {
  page: number;
  pages: number;
  onTurn: (page: number) => void;
  /** The middle of what it turns, from the left of the stage. */
  middle: number;
}

/** Turns the pages of a stage that does not show everybody at once. */
export function Pager({ page, pages, onTurn, middle }: PagerProps) {
  return (
    <fieldset className="pager" style={{ left: middle }} aria-label="Pages of pictures" data-testid="pager">
      <IconButton
        className="pager-previous"
        look="bare"
        icon="chevron"
        label="Previous page"
        testid="page-previous"
        aria-disabled={page === 0}
        onClick={() => onTurn(Math.max(0, page - 1))}
      />
      <span aria-live="polite">
        {page + 1} / {pages}
      </span>
      <IconButton
        className="pager-next"
        look="bare"
        icon="chevron"
        label="Next page"
        testid="page-next"
        aria-disabled={page === pages - 1}
        onClick={() => onTurn(Math.min(pages - 1, page + 1))}
      />
    </fieldset>
  );
}
